// The cards of this moment, as the app lists them: it alone decides when one comes and goes. What is typed on them goes to
// the app with every key.

import { flushSync } from "svelte";
import type { CardView, Envelope, Reply, Request, SettingsView } from "../../host/contract.generated";
import { type Host, type RequestOf, ask, problemOf } from "../../host/host";
import { words } from "../../messages/card";
import { clock } from "../../shared/clock.svelte";

/** A note the app could not take is sent again after this. */
const AGAIN_MS = 1000;

/** Who looks at the cards is told again after this, as long as somebody does. */
const STILL_MS = 1000;

/** So long after a key what the app says of a note may still be older than what was typed. */
const OLDER_MS = 1000;

interface Note {
  text: string;
  typed: number;
  /** The app has this text. */
  kept: boolean;
  sending: boolean;
  failed: boolean;
}

export class Cards {
  list = $state.raw<CardView[]>([]);
  settings = $state.raw<SettingsView | null>(null);
  /** The card that came last, for those who listen. */
  latest = $state.raw<CardView | null>(null);
  /** The keyboard is with the cards. */
  keyboard = $state(false);
  /** The card that is written on, or was opened by hand. */
  active = $state<string | null>(null);
  #host: Host;
  #pointer = false;
  /** Cards with fields that are filled and not sent. */
  #filled = new Set<string>();
  #notes = new Map<string, Note>();
  #told = "";
  #telling = false;

  constructor(host: Host) {
    this.#host = host;
  }

  async start(): Promise<void> {
    this.keyboard = document.hasFocus();
    await this.#host.subscribe((events) => this.#take(events));
    await this.#load();
    // A page that was loaded anew may have been held before.
    this.#tell();
    setInterval(() => this.#still(), STILL_MS);
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

  /** What the user last wrote on the card, while the app does not have it yet. */
  unsent(id: string): string | null {
    const note = this.#notes.get(id);
    return note && !note.kept ? note.text : null;
  }

  /** Keeps a note: it is sent at once, and again until the app has it. */
  write(id: string, text: string, refused: (error: unknown) => void): void {
    const before = this.#notes.get(id);
    const note = { text, typed: Date.now(), kept: false, sending: before?.sending ?? false, failed: before?.failed ?? false };
    this.#notes.set(id, note);
    if (!note.sending) void this.#sendNote(id, refused);
  }

  fill(id: string, filled: boolean): void {
    if (filled) this.#filled.add(id);
    else this.#filled.delete(id);
    this.#tell();
  }

  point(over: boolean): void {
    this.#pointer = over;
    this.#tell();
  }

  type(here: boolean): void {
    this.keyboard = here;
    this.#tell();
  }

  async #sendNote(id: string, refused: (error: unknown) => void): Promise<void> {
    for (let note = this.#notes.get(id); note && !note.kept; note = this.#notes.get(id)) {
      const { text } = note;
      note.sending = true;
      try {
        await this.#host.call({ type: "card_note", id, note: text });
        this.#settle(id, text);
      } catch (error) {
        refused(error);
        const { code } = problemOf(error);
        // Nothing would come of asking again.
        if (code === "no_card" || code === "no_history") return void this.#notes.delete(id);
        const now = this.#notes.get(id);
        if (now) now.failed = true;
        this.#tell();
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    }
  }

  #settle(id: string, text: string): void {
    const now = this.#notes.get(id);
    if (!now) return;
    now.failed = false;
    if (now.text === text) {
      Object.assign(now, { kept: true, sending: false });
      this.list = this.list.map((card) => (card.id === id ? { ...card, note: text.trim() } : card));
    }
    this.#tell();
  }

  /** Tells the app who looks at the cards, when that has changed. */
  #tell(): void {
    if (!this.#telling) void this.#tellLatest();
  }

  /** One after the other, for requests may overtake each other; and until it was heard, for a card would stay for good. */
  async #tellLatest(): Promise<void> {
    this.#telling = true;
    for (let hold = this.#hold(); JSON.stringify(hold) !== this.#told; hold = this.#hold()) {
      try {
        await this.#host.call(hold);
        this.#told = JSON.stringify(hold);
      } catch {
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    }
    this.#telling = false;
  }

  #still(): void {
    const { pointer, keyboard, unsaved } = this.#hold();
    if (!pointer && !keyboard && unsaved.length === 0) return;
    this.#told = "";
    this.#tell();
  }

  #hold(): RequestOf<"hold_cards"> {
    const failed = [...this.#notes].filter(([, note]) => note.failed).map(([id]) => id);
    return { type: "hold_cards", pointer: this.#pointer, keyboard: this.keyboard, unsaved: [...this.#filled, ...failed] };
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
  #put(told: CardView): CardView | null {
    const typed = this.#notes.get(told.id);
    const card = typed && Date.now() - typed.typed < OLDER_MS ? { ...told, note: typed.text } : told;
    const at = this.list.findIndex((it) => it.id === card.id);
    this.list = at < 0 ? [...this.list, card] : this.list.with(at, card);
    return at < 0 ? card : null;
  }

  #drop(id: string): void {
    if (this.active === id) this.active = null;
    if (this.list.some((card) => card.id === id)) this.list = this.list.filter((card) => card.id !== id);
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
