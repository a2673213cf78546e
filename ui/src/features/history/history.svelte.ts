// The pages of the history that are loaded, as one list with its days and its gaps.

import type { ApiEvent, GapView, HistoryFilter, HistoryRow } from "../../host/contract.generated";
import { app } from "../../model/app.svelte";
import { EVERYTHING, awaits, upsert } from "../../model/worklist.svelte";
import { Held } from "../../shared/hold.svelte";
import { settled } from "../../shared/settle";
import { clock } from "../../shared/clock.svelte";
import { addDays, startOfDay } from "../../shared/time";

const PAGE = 60;

/** The row's note, or a contact for its number. */
export type Writing = "note" | "contact";

/** `days` are two that the user types. */
export type Period = "any" | "today" | "yesterday" | "week" | "month" | "days";

export type HistoryItem =
  | { kind: "day"; key: string; at: number }
  | { kind: "row"; key: string; row: HistoryRow }
  | { kind: "gap"; key: string; gap: GapView };

/** Rows and gaps, newest first, each day under its name. */
export function itemsOf(rows: readonly HistoryRow[], gaps: readonly GapView[]): HistoryItem[] {
  const items: HistoryItem[] = [];
  const waiting = [...gaps].sort((a, b) => b.until - a.until);
  let day = Number.NaN;
  const head = (at: number) => {
    const start = startOfDay(at);
    if (start === day) return;
    day = start;
    items.push({ kind: "day", key: `d${start}`, at: start });
  };
  const gapsAfter = (at: number) => {
    while (waiting[0] && waiting[0].until > at) {
      const gap = waiting.shift()!;
      head(gap.until);
      items.push({ kind: "gap", key: `g${gap.account} ${gap.from}`, gap });
    }
  };
  for (const row of rows) {
    gapsAfter(row.started_at);
    head(row.started_at);
    items.push({ kind: "row", key: `r${row.id}`, row });
  }
  gapsAfter(Number.NEGATIVE_INFINITY);
  return items;
}

/** From when until when, in whole days here. */
function spanOf(period: Exclude<Period, "days">, now: number): Pick<HistoryFilter, "since" | "until"> {
  switch (period) {
    case "any":
      return { since: null, until: null };
    case "today":
      return { since: startOfDay(now), until: null };
    case "yesterday":
      return { since: addDays(now, -1), until: startOfDay(now) };
    case "week":
      return { since: addDays(now, -6), until: null };
    case "month":
      return { since: addDays(now, -29), until: null };
  }
}

/** What was chosen since the window opened: its pages have no storage of their own. */
let chosenMine: boolean | null = null;

/** For tests: nothing was chosen yet. */
export function forgetChoice(): void {
  chosenMine = null;
}

/** As it was chosen last; else whoever has a line sees the calls of that line first. */
function wantsMine(): boolean {
  return chosenMine ?? app.myLines.length > 0;
}

export class HistoryState {
  filter = $state.raw<HistoryFilter>({ ...EVERYTHING, mine: wantsMine() });
  rows = $state.raw<HistoryRow[]>([]);
  gaps = $state.raw<GapView[]>([]);
  next = $state.raw<string | null>(null);
  loaded = $state(false);
  expanded = $state<number | null>(null);
  /** What is being written below the open row. */
  writing = $state<Writing | null>(null);
  /** As they stand while somebody is at them. */
  readonly held = new Held(
    () => this.rows,
    (row) => row.id,
  );
  /** Calls that were returned, or marked so, while they stand in the list of those to return. */
  settled = $state.raw<ReadonlySet<number>>(new Set());
  items = $derived(itemsOf(this.held.rows, this.gaps));
  #period = $state<Period>("any");
  #turn = 0;
  #loading = false;
  #reload = settled(() => void this.load(), 120);
  /** The rows are others now, because the user asked for them or some were erased. */
  #afresh = settled(() => void this.load().then(() => this.held.renew()), 120);

  /** Whether anything narrows the list, but for whose calls it shows. */
  get narrowed(): boolean {
    return Boolean(this.filter.text) || this.filtered;
  }

  /** Whether anything but a text does. */
  get filtered(): boolean {
    const { account, direction, outcomes, since, until } = this.filter;
    return Boolean(account || direction || outcomes.length || since !== null || until !== null);
  }

  /** Shows my calls alone, or everybody's, here and the next time. */
  onlyMine(mine: boolean): void {
    chosenMine = mine;
    this.narrow({ mine });
  }

  get period(): Period {
    return this.#period;
  }

  set period(period: Period) {
    this.#period = period;
    if (period !== "days") this.narrow(spanOf(period, clock.read()));
  }

  start(): () => void {
    void this.load();
    return app.listen((event) => this.#hear(event));
  }

  narrow(change: Partial<HistoryFilter>): void {
    this.filter = { ...this.filter, ...change };
    this.#afresh();
  }

  /** All calls, or those to call back, which are everybody's. */
  show(callbacks: boolean): void {
    this.clear();
    // Rows of the other list offer what is not for this one.
    this.rows = [];
    this.gaps = [];
    this.loaded = false;
    this.narrow({ callbacks, mine: !callbacks && wantsMine() });
  }

  /** Opens a row, or closes it. */
  expand(id: number): void {
    this.expanded = this.expanded === id ? null : id;
    this.writing = null;
  }

  clear(): void {
    this.#period = "any";
    this.narrow({ ...EVERYTHING, mine: this.filter.mine, callbacks: this.filter.callbacks });
  }

  async load(): Promise<void> {
    const turn = ++this.#turn;
    try {
      const { page } = await app.ask({ type: "history", filter: this.filter, before: null, limit: PAGE }, "history");
      if (turn !== this.#turn) return;
      this.rows = page.rows;
      this.gaps = page.gaps;
      this.next = page.next;
      app.openCallbacks = page.open_callbacks;
    } catch {
      // The window says that the app does not answer; what was loaded stays.
    }
    if (turn === this.#turn) this.loaded = true;
  }

  async more(): Promise<void> {
    if (this.#loading || this.next === null) return;
    this.#loading = true;
    const turn = this.#turn;
    try {
      const { page } = await app.ask({ type: "history", filter: this.filter, before: this.next, limit: PAGE }, "history");
      if (turn !== this.#turn) return;
      const known = new Set(this.rows.map((row) => row.id));
      this.rows = [...this.rows, ...page.rows.filter((row) => !known.has(row.id))];
      this.gaps = [...this.gaps, ...page.gaps.filter((gap) => !this.gaps.some((it) => it.from === gap.from && it.account === gap.account))];
      this.next = page.next;
    } catch {
      // Scrolling on asks again.
    } finally {
      this.#loading = false;
    }
  }

  #hear(event: ApiEvent): void {
    if (event.type === "history_reset") this.#afresh();
    if (event.type !== "history") return;
    const row = event.row;
    if (this.filter.callbacks && !awaits(row)) {
      this.rows = this.rows.filter((it) => it.id !== row.id);
      this.settled = new Set([...this.settled, row.id]);
      return;
    }
    if (this.settled.has(row.id)) this.settled = new Set([...this.settled].filter((id) => id !== row.id));
    if (this.rows.some((it) => it.id === row.id)) this.rows = upsert(this.rows, row);
    // Whether a new row belongs to a narrowed list is for the app to say.
    else if (this.narrowed || this.filter.callbacks) this.#reload();
    else if (row.mine || !this.filter.mine) this.rows = upsert(this.rows, row);
  }
}
