// The latest calls and the missed ones that wait for a call back, as the side panel shows them.

import { SvelteMap } from "svelte/reactivity";
import type { ApiEvent, HistoryFilter, HistoryRow, LegView } from "../host/contract.generated";
import { clock } from "../shared/clock.svelte";
import { settled } from "../shared/settle";
import { startOfDay } from "../shared/time";
import { app } from "./app.svelte";

export const EVERYTHING: HistoryFilter = {
  text: "",
  account: null,
  direction: null,
  outcomes: [],
  callbacks: false,
  mine: false,
  since: null,
  until: null,
};

/** Puts a row where it belongs, newest first; a row that is there already is replaced. */
export function upsert(rows: readonly HistoryRow[], row: HistoryRow): HistoryRow[] {
  const at = rows.findIndex((it) => it.id === row.id);
  if (at >= 0) return rows.with(at, row);
  const place = rows.findIndex((it) => it.started_at < row.started_at);
  return place < 0 ? [...rows, row] : rows.toSpliced(place, 0, row);
}

/** Who calls back, of a call that was claimed. */
export function claimant(row: HistoryRow): { by: string; mine: boolean } | null {
  if (row.callback?.state !== "claimed") return null;
  return { by: row.callback.by, mine: row.callback.by !== "" && row.callback.by === app.user };
}

export const awaits = (row: HistoryRow): boolean => row.callback !== null && row.callback.state !== "done";

/** Callbacks that are kept here. */
const LISTED = 30;

class Worklist {
  today = $state.raw<HistoryRow[]>([]);
  callbacks = $state.raw<HistoryRow[]>([]);
  /** Rows whose call is still going on, by `account/call`. */
  #open = new SvelteMap<string, HistoryRow>();
  #reload = settled(() => void this.load(), 300);
  #recount = settled(() => void this.#loadCallbacks(), 300);

  start(): () => void {
    void this.load();
    return app.listen((event) => this.#hear(event));
  }

  async load(): Promise<void> {
    try {
      // Lines come after their account; the settings know at once which are mine.
      const mine = (app.settings?.mine.length ?? 0) > 0;
      const filter = { ...EVERYTHING, mine, since: startOfDay(clock.read()) };
      const [{ page }] = await Promise.all([
        app.ask({ type: "history", filter, before: null, limit: 20 }, "history"),
        this.#loadCallbacks(),
      ]);
      this.today = page.rows;
    } catch {
      // The board says that the app does not answer; the last list stays.
    }
  }

  /** The history row of a live call, for its note. */
  async rowOf(leg: LegView): Promise<HistoryRow> {
    const known = this.#open.get(`${leg.account}/${leg.call}`);
    if (known) return known;
    const { row } = await app.ask({ type: "call_row", account: leg.account, call: leg.call }, "history_row");
    return row;
  }

  /** What is noted on a live call, as far as it was heard of. */
  noteOf(leg: LegView): string {
    return this.#open.get(`${leg.account}/${leg.call}`)?.note ?? "";
  }

  async #loadCallbacks(): Promise<void> {
    const filter = { ...EVERYTHING, callbacks: true };
    const { page } = await app.ask({ type: "history", filter, before: null, limit: LISTED }, "history");
    this.callbacks = page.rows;
    app.openCallbacks = page.open_callbacks;
  }

  #hear(event: ApiEvent): void {
    if (event.type === "history_reset") this.#reload();
    if (event.type !== "history") return;
    const row = event.row;
    const key = `${row.account}/${row.call}`;
    if (row.outcome === null) this.#open.set(key, row);
    else this.#open.delete(key);
    if (row.mine || this.today.some((it) => it.id === row.id)) this.today = upsert(this.today, row).slice(0, 20);
    const listed = this.callbacks.some((it) => it.id === row.id);
    if (!awaits(row) && !listed) return;
    // Of a full list nobody knows whether a row that is not on it was counted.
    if (awaits(row) !== listed && this.callbacks.length < LISTED) app.openCallbacks = Math.max(0, app.openCallbacks + (listed ? -1 : 1));
    this.callbacks = awaits(row) ? upsert(this.callbacks, row).slice(0, LISTED) : this.callbacks.filter((it) => it.id !== row.id);
    this.#recount();
  }
}

export const worklist = new Worklist();
