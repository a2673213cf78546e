// What a field lacks, in the window's language: the browser has words of its own, in the system's.

/** Watches every field of a document. A field may name its form in `data-form`. */
export function tellInOurWords(root: Document, missing: () => string): () => void {
  const invalid = ({ target }: Event) => {
    if (!isField(target)) return;
    target.setCustomValidity("");
    if (target.validity.valueMissing) target.setCustomValidity(missing());
    else if (target.validity.patternMismatch) target.setCustomValidity(target.dataset["form"] ?? "");
  };
  const input = ({ target }: Event) => isField(target) && target.setCustomValidity("");
  root.addEventListener("invalid", invalid, true);
  root.addEventListener("input", input, true);
  return () => {
    root.removeEventListener("invalid", invalid, true);
    root.removeEventListener("input", input, true);
  };
}

const isField = (target: EventTarget | null): target is HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement =>
  target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
