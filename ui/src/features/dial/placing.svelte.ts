// From the click to the request: one second in which a dial can be taken back. A request is sent once, ever.

import type { Request } from "../../host/contract.generated";
import { done } from "../../model/act";
import { uniqueId } from "../../shared/settle";

export interface Intention {
  intent: string;
  /** Whom the user meant, as shown. */
  title: string;
  text: string;
  account: string | null;
  from: string | null;
  /** The board's line it came from. */
  line: string | null;
}

export const UNDO_MS = 1000;

class Placing {
  waiting = $state.raw<Intention | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Dials after a second; a second click on the same means the first. Another one takes its place. */
  begin(wish: Omit<Intention, "intent">): void {
    const now = this.waiting;
    if (now && now.text === wish.text && now.account === wish.account) return;
    clearTimeout(this.#timer);
    this.waiting = { ...wish, intent: uniqueId() };
    this.#timer = setTimeout(() => this.now(), UNDO_MS);
  }

  /** Dials without waiting. */
  now(): void {
    clearTimeout(this.#timer);
    const wish = this.waiting;
    this.waiting = null;
    if (wish) void done(dialRequest(wish));
  }

  undo(): void {
    clearTimeout(this.#timer);
    this.waiting = null;
  }
}

export function dialRequest(wish: Intention): Extract<Request, { type: "dial" }> {
  return { type: "dial", intent: wish.intent, text: wish.text, account: wish.account, from: wish.from };
}

export const placing = new Placing();
