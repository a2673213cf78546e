// What of a title is news to somebody who sees the element.

const plain = (text: string) => text.replace(/\s+/g, " ").trim().toLowerCase();

/** Whether any of its text is cut, so that not all of it can be read. */
function isCut(element: HTMLElement): boolean {
  const parts = [element, ...element.querySelectorAll<HTMLElement>("*")];
  return parts.some((part) => part.scrollWidth > part.clientWidth + 1 && part.clientWidth > 1);
}

/** Its own text as its title, where that is cut. */
export function titleIfCut({ currentTarget }: { currentTarget: EventTarget | null }): void {
  if (!(currentTarget instanceof HTMLElement)) return;
  currentTarget.title = isCut(currentTarget) ? (currentTarget.textContent ?? "").trim() : "";
}

/** The lines of the title that cannot be read in the element itself; empty where there is none. */
export function newLines(element: HTMLElement, title: string): string {
  if (isCut(element)) return title;
  const seen = plain(element.innerText ?? element.textContent ?? "");
  return title
    .split("\n")
    .filter((line) => plain(line) && !seen.includes(plain(line)))
    .join("\n");
}
