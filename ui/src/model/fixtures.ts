// Small views for tests.

import type { ApiEvent, Envelope, LegView, LineView, PartyView, Reply, Request, Snapshot } from "../host/contract.generated";
import type { Host, HostDesktop } from "../host/host";
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

/** A host that answers as it is told and keeps what was asked of it. What `answer` throws is the refusal. */
export class TestHost implements Host {
  asked: Request[] = [];
  readonly window = { startDrag() {}, fit() {}, painted() {} };
  /** What the desktop was asked for, and what it does; without this it does all of it. */
  readonly did: string[] = [];
  desktop: HostDesktop = {
    exportHistory: async () => ({ id: 0, path: "/home/lea/calls.csv" }),
    showSaved: async (id) => void this.did.push(`show ${id}`),
    copy: async (text) => void this.did.push(`copy ${text}`),
    restHotkeys: async (rest) => void this.did.push(rest ? "rest" : "work"),
  };
  #seq = 0;
  #handlers = new Set<(envelopes: Envelope[]) => void>();

  constructor(
    private readonly view: () => Snapshot,
    public answer: (request: Request) => Reply | Promise<Reply>,
  ) {}

  async call(request: Request): Promise<Reply> {
    this.asked.push(request);
    return request.type === "snapshot" ? { type: "snapshot", snapshot: { ...this.view(), seq: this.#seq } } : this.answer(request);
  }

  async subscribe(handler: (envelopes: Envelope[]) => void): Promise<void> {
    this.#handlers.add(handler);
  }

  say(event: ApiEvent): void {
    const envelope = { seq: (this.#seq += 1), ...event };
    for (const handler of this.#handlers) handler([envelope]);
  }

  of<T extends Request["type"]>(type: T): Extract<Request, { type: T }>[] {
    return this.asked.filter((request): request is Extract<Request, { type: T }> => request.type === type);
  }
}
