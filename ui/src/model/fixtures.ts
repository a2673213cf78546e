// Small views for tests.

import type { Envelope, LegView, LineView, PartyView, Snapshot } from "../host/contract.generated";
import { legView, lineView, settingsView } from "../host/mock/views";

export const NUMBER: PartyView = { kind: "number", dial: "+4922166966966", number: "+49 221 66966966", region: "DE", name: null, company: null };

export function line(extension: string, more: Partial<LineView> = {}): LineView {
  return { ...lineView("office", extension, `Line ${extension}`, "House", 1000), ...more };
}

export function leg(more: Partial<LegView> = {}, remote: PartyView = NUMBER): LegView {
  return legView(line("31", { mine: true }), remote, 1_700_000_000_000, more);
}

export function snapshot(lines: LineView[], seq = 0, more: Partial<Snapshot> = {}): Snapshot {
  return {
    seq,
    now: Date.now(),
    version: "test",
    user: "Lea Sommer",
    accounts: [],
    lines,
    line_rows: [],
    legs: [],
    cards: [],
    dials: [],
    scenarios: [],
    open_callbacks: 0,
    settings: settingsView(),
    notices: [],
    ...more,
  };
}

export function linesEvent(seq: number, ...lines: LineView[]): Envelope {
  return { seq, type: "lines", lines };
}
