// From the click to the request: one second in which a dial can be taken back. A request is sent once, ever.

import type { HistoryRow, Request } from "../../host/contract.generated";
import { done } from "../../model/act";
import { app } from "../../model/app.svelte";
import { uniqueId } from "../../shared/settle";

export interface Intention {
  intent: string;
  /** Whom the user meant, as shown. */
  title: string;
  text: string;
  account: string | null;
  from: string | null;
  /** A colleague's line: whoever is at it is meant, and the text is not read. */
  line: string | null;
}

export const UNDO_MS = 1000;

class Placing {
  waiting = $state.raw<Intention | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Dials after a second; a second click on the same means the first. Another one takes its place. */
  begin(wish: Omit<Intention, "intent">): void {
    const now = this.waiting;
    if (now && now.text === wish.text && now.account === wish.account && now.line === wish.line) return;
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
  return { type: "dial", intent: wish.intent, text: wish.text, line: wish.line, account: wish.account, from: wish.from };
}

/** A call to the other side of an earlier one. Its account is kept only where a line of mine is on it. */
export function callBack(row: Pick<HistoryRow, "account" | "remote">, title: string): Omit<Intention, "intent"> {
  const { remote, account } = row;
  const wish = { title, text: remote.dial ?? "", from: null };
  if (remote.kind === "extension") return { ...wish, account: null, line: `${account}/${remote.number}` };
  return { ...wish, account: app.myLines.some((line) => line.account === account) ? account : null, line: null };
}

export const placing = new Placing();
