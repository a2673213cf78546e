// What a field lacks, in the window's language: the browser has words of its own, in the system's.

/** Watches every field of a document. A field may say in `data-format-hint` what it takes. */
export function tellInOurWords(root: Document, missing: () => string): () => void {
  const invalid = ({ target }: Event) => {
    if (!isField(target)) return;
    target.setCustomValidity("");
    if (target.validity.valueMissing) target.setCustomValidity(missing());
    else if (target.validity.patternMismatch) target.setCustomValidity(target.dataset["formatHint"] ?? "");
    // Its value was mended by the page since: what was said of it is over, and the form goes on its way.
    else if (target.validity.valid) queueMicrotask(() => target.form?.requestSubmit());
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
