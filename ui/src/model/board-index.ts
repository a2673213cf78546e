// The board's order, search and counts. Built once, kept true line by line.

import type { LineView } from "../host/contract.generated";
import { type LampKind, lampOf } from "./lamp";

export type Chip = "all" | "free" | "busy" | "ringing";

export interface BoardGroup {
  /** Empty for favourites. */
  name: string;
  favourites: boolean;
  /** Stands for the line; its newest state is read when it is drawn. */
  places: Place[];
  /** Whose lines these are, where the board has no group at all to tell them by. */
  accounts: readonly string[];
  /** The oldest age, when every line of it is stale. */
  staleSince: number | null;
}

export interface Counts {
  all: number;
  free: number;
  busy: number;
  ringing: number;
}

export interface Place {
  readonly line: LineView;
}

interface Entry extends Place {
  line: LineView;
  lamp: LampKind;
  /** Name, extension and group, folded when first searched. */
  fixed: string | null;
  /** Who is talked to, folded when first searched. */
  peer: string | null;
}

/** Whoever calls cannot be called, as on a call. */
const chipOf = (lamp: LampKind): LampKind => (lamp === "calling" ? "busy" : lamp);

interface Section {
  name: string;
  favourites: boolean;
  accounts: readonly string[];
  entries: Entry[];
}

const PLAIN = /^[\x20-\x7e]*$/;

/** Lower case, without accents: `Müller` is found by `muller`. */
export function fold(text: string): string {
  if (PLAIN.test(text)) return text.toLowerCase();
  return text
    .normalize("NFD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replaceAll("ı", "i")
    .replaceAll("ß", "ss");
}

export class BoardIndex {
  #entries = new Map<string, Entry>();
  #sections: Section[] = [];
  #stale = true;
  /** Counts changes of what is in which group, and changes of anything. */
  #arrangements = 0;
  #changes = 0;
  #last: { query: string; chip: Chip; at: number; groups: BoardGroup[] } | null = null;
  #collator: Intl.Collator;
  readonly counts: Counts = { all: 0, free: 0, busy: 0, ringing: 0 };

  constructor(tag = "en") {
    this.#collator = new Intl.Collator(tag, { numeric: true, sensitivity: "base" });
  }

  /** Takes over what changed; unchanged lines are told by identity and cost nothing. */
  update(lines: ReadonlyMap<string, LineView>): void {
    for (const [id, line] of lines) {
      const entry = this.#entries.get(id);
      if (entry?.line === line) continue;
      if (entry) this.#change(entry, line);
      else this.#add(line);
    }
    if (this.#entries.size === lines.size) return;
    for (const [id, entry] of this.#entries) {
      if (lines.has(id)) continue;
      this.#entries.delete(id);
      this.#count(entry.lamp, -1);
      this.#stale = true;
    }
  }

  /**
   * The groups that hold a match, in order: favourites first, then by first extension; lines by extension. The same
   * array as long as the same lines are in the same places.
   */
  groups(query: string, chip: Chip): BoardGroup[] {
    if (this.#stale) this.#arrange();
    const at = query.trim() === "" && chip === "all" ? this.#arrangements : -this.#changes - 1;
    const last = this.#last;
    if (last && last.query === query && last.chip === chip && last.at === at) return last.groups;
    const groups = this.#find(query, chip);
    this.#last = { query, chip, at, groups };
    return groups;
  }

  /**
   * Folds up to `count` texts that the first search would have to, ten thousand at once. `false` when all are done.
   */
  prepare(count: number): boolean {
    for (const entry of this.#entries.values()) {
      if (entry.fixed !== null) continue;
      if (count === 0) return true;
      count -= 1;
      entry.fixed = fixedText(entry.line);
    }
    return false;
  }

  #find(query: string, chip: Chip): BoardGroup[] {
    const words = fold(query).split(/\s+/).filter(Boolean);
    const found: BoardGroup[] = [];
    for (const section of this.#sections) {
      const places: Place[] = [];
      let staleSince: number | null = Number.POSITIVE_INFINITY;
      for (const entry of section.entries) {
        if (chip !== "all" && chipOf(entry.lamp) !== chip) continue;
        if (words.length > 0 && !matches(entry, words)) continue;
        places.push(entry);
        if (entry.line.stale_since === null) staleSince = null;
        else if (staleSince !== null) staleSince = Math.min(staleSince, entry.line.stale_since);
      }
      if (places.length > 0) found.push({ name: section.name, favourites: section.favourites, accounts: section.accounts, places, staleSince });
    }
    return found;
  }

  #add(line: LineView): void {
    const lamp = lampOf(line);
    this.#entries.set(line.id, { line, lamp, fixed: null, peer: null });
    this.#count(lamp, 1);
    this.#stale = true;
  }

  #change(entry: Entry, line: LineView): void {
    const before = entry.line;
    entry.line = line;
    this.#changes += 1;
    if (before.stale_since !== line.stale_since) this.#arrangements += 1;
    const lamp = lampOf(line);
    if (lamp !== entry.lamp) {
      this.#count(entry.lamp, -1);
      this.#count(lamp, 1);
      entry.lamp = lamp;
    }
    if (before.peer !== line.peer) entry.peer = null;
    if (before.name !== line.name || before.group !== line.group || before.favourite !== line.favourite) {
      entry.fixed = null;
      this.#stale = true;
    }
  }

  #count(lamp: LampKind, by: number): void {
    this.counts.all += by;
    const chip = chipOf(lamp);
    if (chip === "free" || chip === "busy" || chip === "ringing") this.counts[chip] += by;
  }

  #arrange(): void {
    this.#stale = false;
    this.#arrangements += 1;
    this.#changes += 1;
    const favourites: Section = { name: "", favourites: true, accounts: [], entries: [] };
    const named = new Map<string, Section>();
    for (const entry of this.#entries.values()) {
      if (entry.line.favourite) {
        favourites.entries.push(entry);
        continue;
      }
      const name = entry.line.group ?? "";
      let section = named.get(name);
      if (!section) named.set(name, (section = { name, favourites: false, accounts: [], entries: [] }));
      section.entries.push(entry);
    }
    // Lines without a group come last; the rest in the order of their first extension, as a house is numbered.
    for (const section of [favourites, ...named.values()]) section.entries.sort((a, b) => this.#byExtension(a, b));
    const groups = [...named.values()].sort((a, b) =>
      a.name === "" ? 1
      : b.name === "" ? -1
      : this.#byExtension(a.entries[0]!, b.entries[0]!) || this.#collator.compare(a.name, b.name),
    );
    const [only] = groups;
    if (only && groups.length === 1 && only.name === "") only.accounts = [...new Set(only.entries.map((entry) => entry.line.account))];
    this.#sections = favourites.entries.length > 0 ? [favourites, ...groups] : groups;
  }

  #byExtension(a: Entry, b: Entry): number {
    const x = a.line.extension;
    const y = b.line.extension;
    // Digits of one length compare as text; the collator is slow over ten thousand lines.
    if (x.length === y.length) return x < y ? -1 : x > y ? 1 : this.#collator.compare(a.line.name, b.line.name);
    return this.#collator.compare(x, y);
  }
}

function matches(entry: Entry, words: readonly string[]): boolean {
  const fixed = (entry.fixed ??= fixedText(entry.line));
  const peer = (entry.peer ??= peerText(entry.line));
  return words.every((word) => fixed.includes(word) || peer.includes(word));
}

function fixedText(line: LineView): string {
  return fold(`${line.name} ${line.extension} ${line.group ?? ""}`);
}

function peerText(line: LineView): string {
  const peer = line.peer;
  if (!peer) return "";
  return fold(`${peer.name ?? ""} ${peer.company ?? ""} ${peer.number} ${peer.dial ?? ""}`);
}
