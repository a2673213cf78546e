// The cards of this moment. One card a call, from the first ring to the end; nothing replaces it but itself.

import { flushSync } from "svelte";
import type { CardView, Envelope, LegView, Reply, Request, SettingsView } from "../../host/contract.generated";
import { type Host, ask, problemOf } from "../../host/host";
import { words } from "../../messages/card";
import { clock } from "../../shared/clock.svelte";

/** How long a call that is over stays to be seen, unless the app takes it away first. */
const AFTERGLOW_MS = 4000;

export class Cards {
  list = $state.raw<CardView[]>([]);
  settings = $state.raw<SettingsView | null>(null);
  /** The card that came last, for those who listen. */
  latest = $state.raw<CardView | null>(null);
  #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  async start(): Promise<void> {
    await this.#host.subscribe((events) => this.#take(events));
    await this.#load();
  }

  send(request: Request): Promise<Reply> {
    return this.#host.call(request);
  }

  /** What went wrong, in the user's language. The words for it are fetched when first needed. */
  async trouble(error: unknown): Promise<string> {
    const { cardProblem } = await import("../../messages/card-problems");
    const { message, hint } = cardProblem(problemOf(error), this.settings?.language ?? "auto");
    return [message, hint].filter(Boolean).join(" ");
  }

  get window() {
    return this.#host.window;
  }

  /** The history row of a card's call, for its note. */
  async rowOf(leg: LegView): Promise<number> {
    const { row } = await ask(this.#host, { type: "call_row", account: leg.account, call: leg.call }, "history_row");
    return row.id;
  }

  async #load(): Promise<void> {
    try {
      const { snapshot } = await ask(this.#host, { type: "snapshot" }, "snapshot");
      clock.offset = snapshot.now - Date.now();
      this.#dress(snapshot.settings);
      this.list = snapshot.cards;
    } catch {
      // The first card still shows; the words stay those of the computer's language.
    }
  }

  #dress(settings: SettingsView): void {
    this.settings = settings;
    void words.choose(settings.language);
    document.documentElement.dataset["theme"] = settings.theme;
  }

  #take(events: Envelope[]): void {
    const begun = performance.now();
    const before = this.list;
    let fresh: CardView | null = null;
    for (const event of events) {
      if (event.type === "card") fresh = this.#put(event.card) ?? fresh;
      else if (event.type === "card_gone") this.#drop(event.id);
      else if (event.type === "settings") this.#dress(event.settings);
      else if (event.type === "resync") void this.#load();
    }
    if (before === this.list) return;
    if (fresh) this.latest = fresh;
    flushSync();
    if (fresh) this.#report(begun);
  }

  /** Returns the card when it is a new one. */
  #put(card: CardView): CardView | null {
    const at = this.list.findIndex((it) => it.id === card.id);
    if (card.leg.phase === "ended") setTimeout(() => this.#dropEnded(card.id), AFTERGLOW_MS);
    this.list = at < 0 ? [...this.list, card] : this.list.with(at, card);
    return at < 0 ? card : null;
  }

  #drop(id: string): void {
    if (this.list.some((card) => card.id === id)) this.list = this.list.filter((card) => card.id !== id);
  }

  #dropEnded(id: string): void {
    if (this.list.find((card) => card.id === id)?.leg.phase === "ended") this.#drop(id);
  }

  /** Two frames later the card has been painted. */
  #report(begun: number): void {
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        const ms = performance.now() - begun;
        void this.#host.call({ type: "measured", name: "card_painted", ms }).catch(() => undefined);
      }),
    );
  }
}
