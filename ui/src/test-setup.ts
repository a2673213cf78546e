// What jsdom lacks and the interface needs; and its words, read beforehand, so that a test can change them at once.

import { words } from "./messages";

class NoResize {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

globalThis.ResizeObserver ??= NoResize;
HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement) {
  this.open = true;
};
HTMLDialogElement.prototype.close ??= function (this: HTMLDialogElement) {
  this.open = false;
};

await words.complete();
for (const language of [...words.available].reverse()) await words.choose(language);

// jsdom has no layout to scroll.
Element.prototype.scrollIntoView ??= () => {};
Element.prototype.scrollTo ??= () => {};
