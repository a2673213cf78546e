// What the palette offers for what is typed, and what would be dialled. Nothing here rings.

import type { FoundNumber, LineView, PaletteHit, Reading } from "../../host/contract.generated";
import { app } from "../../model/app.svelte";
import { settled } from "../../shared/settle";

const LIMIT = 9;

/** One line of the palette's list. */
export interface Offer {
  key: string;
  hit: PaletteHit | null;
  found: FoundNumber | null;
  /** What is dialled; `null` when it is refused. */
  dial: string | null;
  /** Whether anything is known against it; why not is read with the number. */
  callable: boolean;
  /** The colleague's line, which is dialled then. */
  line: string | null;
}

export class PaletteState {
  text = $state("");
  hits = $state.raw<PaletteHit[]>([]);
  found = $state.raw<FoundNumber[]>([]);
  chosen = $state(0);
  from = $state<string | null>(null);
  reading = $state.raw<Reading | null>(null);
  /** The answer to what is typed now is not in: what stands here belongs to an earlier text. */
  searching = $state(false);
  #turn = 0;
  #look = settled(() => void this.#search(), 40);

  /** Nobody calls themselves; whoever cannot be called comes last. */
  offers = $derived<Offer[]>(
    [
      ...this.found.map((found, i) => {
        const dial = found.refused === null ? (found.party?.dial ?? null) : null;
        return { key: `f${i}`, hit: null, found, dial, callable: dial !== null, line: null };
      }),
      ...this.hits
        .filter((hit) => !lineOf(hit)?.mine)
        .map((hit, i) => ({ key: `h${i} ${hit.dial}`, hit, found: null, dial: hit.dial, callable: hit.dial !== "" && !lineOf(hit)?.no_dial, line: hit.line })),
    ].sort((a, b) => Number(b.callable) - Number(a.callable)),
  );
  offer = $derived(this.offers[this.chosen]);
  /** The rule that read what was put in, not the number it came to. */
  rule = $derived.by(() => {
    if (this.offer?.found) return this.offer.found.rule;
    if (this.offer?.hit?.kind === "number") return this.offer.hit.rule;
    const rule = this.offer && this.offer.hit?.kind !== "extension" ? null : (this.reading?.rule ?? null);
    // An extension is called one where it is said what is dialled.
    return rule === "extension" ? null : rule;
  });
  /** What stands behind the number and is dialled only after an answer. */
  notDialled = $derived(this.offer ? (this.offer.hit?.not_dialled ?? null) : (this.reading?.not_dialled ?? null));

  /** My lines that can place calls. */
  get lines(): LineView[] {
    return app.myLines.filter((line) => app.account(line.account)?.capabilities.includes("dial"));
  }

  /** Opens with a text from elsewhere: a selection, a link, nothing. */
  async open(text: string): Promise<void> {
    this.text = text;
    this.searching = true;
    if (text && !isOneNumber(text)) {
      const { numbers } = await app.ask({ type: "find_numbers", text }, "found");
      this.found = numbers;
      if (numbers.length > 0) {
        this.text = "";
        await this.#read();
        if (this.text === "") this.searching = false;
        return;
      }
    }
    await this.#search();
  }

  type(text: string): void {
    this.text = text;
    this.found = [];
    this.searching = true;
    this.#look();
  }

  choose(index: number): void {
    if (index < 0 || index >= this.offers.length) return;
    this.chosen = index;
    void this.#read();
  }

  setFrom(line: string): void {
    this.from = line;
    void this.#read();
  }

  async #search(): Promise<void> {
    const turn = ++this.#turn;
    const text = this.text;
    try {
      const [{ hits }, { numbers }] = await Promise.all([
        app.ask({ type: "palette", text, limit: LIMIT }, "palette"),
        mayHoldNumbers(text) ? app.ask({ type: "find_numbers", text }, "found") : { numbers: [] },
      ]);
      if (turn !== this.#turn) return;
      this.hits = hits;
      // What the text as a whole is read as needs no search within it.
      this.found = hits.some((hit) => hit.kind === "number") ? [] : numbers;
    } catch {
      if (turn !== this.#turn) return;
      this.hits = [];
    }
    this.chosen = 0;
    await this.#read();
    if (turn === this.#turn && text === this.text) this.searching = false;
  }

  /** Reads what the chosen offer would dial; of nothing chosen, the text itself, to say why not. */
  async #read(): Promise<void> {
    const turn = this.#turn;
    const offer = this.offer;
    const text = offer ? offer.dial : this.text.trim();
    if (!text) {
      this.reading = null;
      return;
    }
    try {
      const line = offer?.line ?? null;
      const { reading } = await app.ask({ type: "read_number", text, line, account: null, from: this.from }, "reading");
      if (turn === this.#turn && this.offer === offer) this.reading = reading;
    } catch {
      this.reading = null;
    }
  }
}

function lineOf(hit: PaletteHit): LineView | undefined {
  return hit.line === null ? undefined : app.lines.get(hit.line);
}

/** Whether a text that somebody put in has numbers among its words, or more than one. */
export function mayHoldNumbers(text: string): boolean {
  return !isOneNumber(text) && /(?:\d[^\d\n]{0,3}){5}/.test(text);
}

/** Whether a text is nothing but one number, as typed or from a link, with the tones or the extension that are left out behind it. */
export function isOneNumber(whole: string): boolean {
  const text = whole.replace(/(?:,,|;ext=)[\d*#,;pw\s]+$/i, "");
  return isLink(text) || (/^[+*#(]?[\d*#][\d\s()./*#-]{0,30}$/.test(text.trim()) && !/\d\s*[\n;]\s*\d/.test(text));
}

/** Whether a text is a link to a number, which the host reads, or says what is wrong with it. */
export function isLink(text: string): boolean {
  return /^\s*(?:tel|callto|sips?):/i.test(text);
}
