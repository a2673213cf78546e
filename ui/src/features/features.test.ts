// What the features decide, without a screen.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { AccountKind, HistoryRow, LineView, Reply, Request } from "../host/contract.generated";
import type { Host } from "../host/host";
import { accountView, historyRow, lineView, settingsView } from "../host/mock/views";
import { words } from "../messages";
import { app } from "../model/app.svelte";
import { NUMBER, leg, line, snapshot } from "../model/fixtures";
import { SHAPES, lampOf } from "../model/lamp";
import { canCall } from "../model/party";
import { upsert } from "../model/worklist.svelte";
import { journalProgress } from "./accounts/journal";
import { WizardState, freeName } from "./accounts/wizard.svelte";
import { BoardState, rowsOf } from "./board/board.svelte";
import { tileText } from "./board/tile-text";
import { legShape } from "./calls/leg-text";
import { clockText } from "./diagnostics/clock-text";
import { isOneNumber, mayHoldNumbers } from "./dial/palette.svelte";
import { callBack, placing } from "./dial/placing.svelte";
import { dialShape, isOver, shownDials } from "./dial/progress";
import { HistoryState, forgetChoice, itemsOf } from "./history/history.svelte";
import { claimText, isBad, isFromJournal, outcomeIcon, outcomeWord, rowLine, rowSummary, wasText } from "./history/outcome";
import { locked, lockedText } from "./settings/settings.svelte";

let asked: Request[] = [];
let refuse: Partial<Record<Request["type"], string>> = {};

const host: Host = {
  async call(request): Promise<Reply> {
    asked.push(request);
    const code = refuse[request.type];
    if (code) throw { code, message: code, hint: "" };
    if (request.type === "snapshot") {
      return { type: "snapshot", snapshot: snapshot([line("1"), line("2")], 0, { accounts: [accountView("nfon", "nfon", "NFON", 0)] }) };
    }
    return { type: "done" };
  },
  subscribe: async () => undefined,
  window: { startDrag() {}, fit() {}, painted() {} },
};

beforeEach(async () => {
  asked = [];
  refuse = {};
  void words.choose("en");
  app.start(host);
  await vi.waitFor(() => expect(app.ready).toBe(true));
});

afterEach(() => vi.useRealTimers());

describe("a dial", () => {
  const wish = { title: "Amira", text: "22", account: "office", from: null, line: "office/22" };
  const dials = () => asked.filter((request) => request.type === "dial");

  beforeEach(() => vi.useFakeTimers());

  it("waits a second, and is sent once however often it was clicked", () => {
    placing.begin(wish);
    placing.begin(wish);
    vi.advanceTimersByTime(500);
    placing.begin(wish);
    expect(dials()).toHaveLength(0);
    vi.advanceTimersByTime(600);
    expect(dials()).toHaveLength(1);
    vi.advanceTimersByTime(5000);
    expect(dials()).toHaveLength(1);
  });

  it("can be taken back", () => {
    placing.begin(wish);
    placing.undo();
    vi.advanceTimersByTime(5000);
    expect(dials()).toHaveLength(0);
    expect(placing.waiting).toBeNull();
  });

  it("gives way to another one, and has its own intent", () => {
    placing.begin(wish);
    placing.begin({ ...wish, text: "23" });
    vi.advanceTimersByTime(1100);
    placing.begin(wish);
    vi.advanceTimersByTime(1100);
    expect(dials().map((it) => it.type === "dial" && it.text)).toEqual(["23", "22"]);
    expect(new Set(dials().map((it) => it.type === "dial" && it.intent)).size).toBe(2);
  });

  it("ends by a name, and stays to be read", () => {
    const dial = { intent: "i", account: "a", from: "a/1", to: NUMBER, state: "busy" as const, call: null, started_at: 0, problem: null };
    expect((["sending", "caller_ringing", "checking"] as const).some(isOver)).toBe(false);
    expect((["busy", "no_answer", "failed", "unknown", "connected", "handed_over"] as const).every(isOver)).toBe(true);
    expect(shownDials([dial], new Map([["i", 1000]]), 3000)).toHaveLength(1);
    expect(shownDials([dial], new Map([["i", 1000]]), 7000)).toHaveLength(0);
    const failed = { ...dial, state: "failed" } as const;
    expect(shownDials([failed], new Map([["i", 1000]]), 3_600_000), "it offers another try").toHaveLength(1);
    expect(shownDials([failed], new Map([["i", 0]]), 7000), "closed").toHaveLength(0);
    const later = { ...failed, intent: "j", started_at: failed.started_at + 1 };
    expect(shownDials([failed, later], new Map([["i", 1000], ["j", 1000]]), 60_000).map((it) => it.intent)).toEqual(["j"]);
  });
});

it.each([
  ["+49 221 66966966", true],
  ["tel:+49-221-669-66966", true],
  ["tel:O22166966966", true],
  ["sip:anna@office.example", true],
  ["*43#12", true],
  ["0221/66966", true],
  ["call 0221 66966 or 0221 66967", false],
  ["Rechnung 4711 vom 01.02.2026", false],
  ["+49 30 1234;ext=12", true],
])("a palette opened with %s takes it for one number: %s", (text, one) => expect(isOneNumber(text)).toBe(one));

it.each([
  ["0221 66966 oder 0221 66967", true],
  ["Rechnung 4711 vom 01.02.2026", true],
  ["+49 (0) 221 66966", false],
  ["Miriam Lenz", false],
  ["Filiale 12", false],
  ["+49 221 669 669 66,,12#", false],
])("a palette typed into with %s looks for numbers in it: %s", (text, looks) => expect(mayHoldNumbers(text)).toBe(looks));

const summary = (row: HistoryRow) => rowSummary(row).join(" · ");

describe("a row of the history", () => {
  const row = historyRow(1, lineView("office", "31", "Lea", "House", 0), NUMBER, 0, { talk_s: null });

  it("says who called whom also where nobody was reached", () => {
    expect(rowSummary({ ...row, mine: true, direction: "outbound", outcome: "busy" })).toContain("You called");
    expect(rowSummary({ ...row, mine: false, direction: "outbound", outcome: "failed" })).toContain("Lea called");
    expect(rowSummary({ ...row, mine: true, direction: "inbound", outcome: "missed" })).not.toContain("called");
  });

  it("says answered only when somebody answered", () => {
    const rings = { ...row, outcome: null, answered_at: null, ended_at: null, ring_s: null } as const;
    expect(summary({ ...rings, mine: true })).toBe("Rings you");
    expect(summary({ ...rings, mine: false })).toBe("Rings Lea");
    expect(summary({ ...rings, mine: true, direction: "outbound" })).toBe("You are calling");
    expect(outcomeWord(rings)).toBe("Ringing");
    expect(outcomeWord({ ...rings, direction: "outbound" })).toBe("Calling");
    const talks = { ...rings, answered_at: 8_000 };
    expect(summary({ ...talks, mine: true }), "that stands beside it").toBe("");
    expect(outcomeWord(talks)).toBe("On the call");
    expect(new Set([rings, talks, row].map(outcomeIcon)).size).toBe(3);
    expect(summary({ ...row, outcome: "unknown", answered_at: null, ended_at: null, ring_s: null })).toBe("");
    expect(summary({ ...row, mine: true, ended_at: null })).toBe("End not known");
  });

  it("names nobody twice", () => {
    expect(summary({ ...row, mine: false })).toBe("Lea answered");
    expect(rowLine({ ...row, mine: false })).toBe("31");
    expect(rowLine({ ...row, mine: false, outcome: "missed" })).toBe("Lea");
    for (const outcome of ["missed", "answered"] as const) expect(rowLine({ ...row, mine: true, outcome })).toBe("31");
  });
});

describe("a call to somebody of an earlier one", () => {
  const remote = { ...NUMBER, dial: "+4922166966966" };

  it("goes out from the account of that call only where a line of mine is on it", () => {
    app.lines = new Map([["office/31", line("31", { mine: true })]]);
    expect(callBack({ account: "office", remote }, "x")).toMatchObject({ text: "+4922166966966", account: "office", line: null });
    expect(callBack({ account: "haifa", remote }, "x")).toMatchObject({ text: "+4922166966966", account: null, line: null });
  });

  it("names a colleague by the line, whatever the service calls it", () => {
    const colleague = { ...NUMBER, kind: "extension" as const, dial: null, number: "SIP203" };
    expect(canCall(colleague)).toBe(true);
    expect(callBack({ account: "haifa", remote: colleague }, "Dana")).toMatchObject({ account: null, line: "haifa/SIP203" });
    expect(canCall({ ...NUMBER, kind: "withheld", dial: null, number: "" })).toBe(false);
  });
});

describe("my calls alone", () => {
  beforeEach(forgetChoice);

  it("are shown first to whoever has a line, and as chosen from then on", () => {
    app.lines = new Map();
    expect(new HistoryState().filter.mine).toBe(false);
    app.lines = new Map([["office/31", line("31", { mine: true })]]);
    const history = new HistoryState();
    expect(history.filter.mine).toBe(true);
    expect(history.narrowed).toBe(false);
    history.onlyMine(false);
    expect(new HistoryState().filter.mine).toBe(false);
    history.onlyMine(true);
    history.show(true);
    expect(history.filter).toMatchObject({ callbacks: true, mine: false });
    history.show(false);
    expect(history.filter).toMatchObject({ callbacks: false, mine: true });
  });
});

describe("a call back", () => {
  const row = historyRow(1, lineView("office", "31", "Lea", "House", 0), NUMBER, 0, { outcome: "missed" });
  const claimed = (by: string) => ({ ...row, callback: { state: "claimed" as const, by, at: 0 } });

  it("says whose it is: mine, somebody's, or nobody's yet", () => {
    expect(claimText({ ...row, callback: { state: "open" } })).toBeNull();
    expect(claimText(claimed("Lea Sommer"))).toEqual({ word: "Claimed by you", by: [] });
    expect(claimText(claimed("Rina"))?.by).toEqual(["Rina will call back"]);
    expect(claimText(claimed(""))?.by).toEqual(["A colleague will call back"]);
    expect(isBad(row)).toBe(true);
    expect(isBad(claimed("Rina"))).toBe(false);
  });
});

describe("the history", () => {
  const own = lineView("office", "31", "Lea", "Support", 0);
  const at = (hour: number) => new Date(2026, 2, 2, hour).getTime();
  const row = (id: number, hour: number) => historyRow(id, own, NUMBER, at(hour));

  it("puts gaps where they belong, and a head over each day", () => {
    const yesterday = historyRow(1, own, NUMBER, at(-5));
    const items = itemsOf([row(3, 15), row(2, 9), yesterday], [{ account: "office", from: at(12), until: at(13), recovered: null }]);
    expect(items.map((item) => item.kind)).toEqual(["day", "row", "gap", "row", "day", "row"]);
  });

  it("says what a row was before the service's record corrected it, and which it brought alone", () => {
    const was = { outcome: "missed", by: "live", at: at(10) } as const;
    expect(wasText(historyRow(1, own, NUMBER, at(9), { was, sources: ["live", "journal"] }))).toBe("was: Missed");
    expect(isFromJournal({ sources: ["live", "journal"] })).toBe(false);
    expect(isFromJournal({ sources: ["journal"] })).toBe(true);
    expect(summary(historyRow(1, { ...own, extension: "", name: "", mine: false }, NUMBER, at(9), { talk_s: null }))).toBe("");
  });

  it("says how far an account's record was read", () => {
    expect(journalProgress(null, "en-GB")).toBeNull();
    expect(journalProgress({ read_from: null, read_until: null, wanted_from: null, reading: true }, "en-GB")).toBeNull();
    const half = journalProgress({ read_from: at(-12), read_until: at(12), wanted_from: at(-36), reading: true }, "en-GB");
    expect(half?.percent).toBe(50);
    expect(half?.text).toContain("50 %");
  });

  it("shows a gap that no call frames", () => {
    expect(itemsOf([], [{ account: "a", from: at(1), until: at(2), recovered: null }]).map((item) => item.kind)).toEqual(["day", "gap"]);
  });

  it("has one row a call, however often it is told of it", () => {
    let rows = [row(2, 15), row(1, 9)];
    rows = upsert(rows, { ...row(1, 9), note: "x" });
    rows = upsert(rows, row(3, 12));
    expect(rows.map((it) => it.id)).toEqual([2, 3, 1]);
    expect(rows[2]?.note).toBe("x");
  });

  it("has a word and a drawing for every outcome", () => {
    const outcomes = ["answered", "answered_elsewhere", "missed", "busy", "rejected", "cancelled", "failed", "unknown", null] as const;
    const words = outcomes.map((outcome) => outcomeWord({ outcome, direction: "inbound", answered_at: null }));
    expect(new Set(words).size).toBe(outcomes.length);
    expect(outcomes.every((outcome) => outcomeIcon({ outcome, direction: null, answered_at: null }))).toBe(true);
    expect(outcomeWord({ outcome: "missed", direction: "outbound", answered_at: null })).toBe("No answer");
  });
});

it("a clock agrees only with that of a service that answered", () => {
  const account = accountView("a", "nfon", "NFON", 0);
  const offline = { ...account, link: { ...account.link, phase: "offline" as const } };
  expect(clockText(account, false)).toBe("agrees");
  expect([clockText(offline, true), clockText(offline, false), clockText(undefined, false)]).toEqual(["agrees", "not compared", "not compared"]);
  expect(clockText({ ...offline, clock_ahead_s: 40 }, false)).toBe("40\u00a0s ahead");
});

it("a tile tells a call that goes out from one that comes in", () => {
  const peer = { ...NUMBER, name: "Anna Berger" };
  const tile = (more: Partial<LineView>) => [lampOf(line("1", { peer, ...more })), tileText(line("1", { peer, ...more }), () => 0).doing];
  expect(tile({ line: "ringing", peer_phase: "ringing" })).toEqual(["ringing", "Ringing · Anna Berger"]);
  for (const peer_phase of ["dialing", "ringing"] as const) expect(tile({ line: "busy", peer_phase })).toEqual(["calling", "Calling · Anna Berger"]);
  expect(tile({ line: "ringing", peer_phase: "dialing" }), "its own telephone rings first").toEqual(["calling", "Calling · Anna Berger"]);
  expect(legShape(leg({ direction: "outbound", phase: "ringing" }))).toBe(SHAPES.calling);
  expect((["sending", "callee_ringing", "caller_ringing"] as const).map(dialShape)).toEqual([SHAPES.calling, SHAPES.calling, SHAPES.ringing]);
});

it("a name that is read from right to left takes no time along", () => {
  const busy = (name: string) => tileText(line("1", { line: "busy", peer: { ...NUMBER, name }, peer_since: 0 }), () => 11_000);
  expect(busy("חיים פרץ")).toEqual({ doing: "\u2068חיים פרץ\u2069", age: "0:11" });
  expect(busy("Anna Berger")).toEqual({ doing: "Anna Berger", age: "0:11" });
});

describe("the board", () => {
  it("cuts groups into rows", () => {
    const group = { name: "A", favourites: false, accounts: [], places: ["1", "2", "3"].map((it) => ({ line: line(it) })), staleSince: null };
    expect(rowsOf([group], 2).map((row) => (row.kind === "tiles" ? row.places.length : "head"))).toEqual(["head", 2, 1]);
  });

  it("leads the arrows on, keeping the column", () => {
    const board = new BoardState();
    board.width = 420;
    expect(board.columns).toBe(2);
    expect(board.neighbour("office/1", "ArrowRight", false)?.line.extension).toBe("2");
    expect(board.neighbour("office/2", "ArrowRight", true)?.line.extension).toBe("1");
    expect(board.neighbour("office/2", "ArrowDown", false)).toBeNull();
    expect(board.neighbour("office/2", "x", false)).toBeNull();
  });

  it("says what a line is doing", () => {
    const now = () => 65_000;
    const text = (more: Parameters<typeof line>[1]) => Object.values(tileText(line("1", { at: 5000, ...more }), now)).filter(Boolean).join(" · ");
    expect(text({})).toBe("Free");
    expect(text({ line: "busy" })).toBe("On a call · 1:00");
    expect(text({ line: "busy", peer: { ...NUMBER, company: "Lenz" }, peer_since: 60_000 })).toBe("Lenz · 0:05");
    expect(text({ line: "busy", peer: { ...NUMBER, kind: "withheld", number: "" } })).toBe("Withheld · 1:00");
    expect(text({ line: "busy", peer: NUMBER, peer_phase: "dialing" })).toBe("Calling · +49 221 66966966");
    expect(text({ line: "busy", peer: NUMBER, peer_phase: "ringing" })).toBe("Calling · +49 221 66966966");
    expect(text({ line: "busy", peer: NUMBER, peer_phase: "connected", peer_since: 60_000 })).toBe("+49 221 66966966 · 0:05");
    expect(text({ line: "ringing", peer: NUMBER })).toBe("Ringing · +49 221 66966966");
    expect(text({ line: "busy", stale_since: 1 })).toBe("Unknown · was on a call");
    expect(text({ line: "unknown", stale_since: 1 })).toBe("Unknown");
  });
});

describe("a setting", () => {
  it("is held where the policy names it as the configuration file does", () => {
    app.settings = { ...settingsView(), locked: ["ui.theme", "me.extensions", "history.days", "hotkeys.hang_up", "pop_up.inbound.vip.card", "receiver.listen"] };
    expect((["theme", "mine", "retention_days", "hotkeys", "pop_up", "receiver.listen"] as const).filter((name) => !locked(name))).toEqual([]);
    expect((["language", "region", "quiet", "record_url", "receiver.on", "show_peers"] as const).filter(locked)).toEqual([]);
    expect(lockedText("theme")).toBe("Set by policy");
  });
});

describe("the wizard", () => {
  const kind: AccountKind = { name: "nfon", title: "NFON", region: null, capabilities: [], fields: [
    { name: "username", required: true, example: "", choices: [] },
    { name: "secret", required: true, example: "", choices: [] },
    { name: "token_url", required: false, example: "", choices: [] },
  ] };

  it("finds a free name", () => {
    expect(freeName("nfon", new Set(["nfon", "nfon-2"]))).toBe("nfon-3");
    const wizard = new WizardState();
    wizard.choose(kind);
    expect(wizard.id).toBe("nfon-2");
  });

  it("wants what is required, and sends options apart", () => {
    const wizard = new WizardState();
    wizard.choose(kind);
    expect(wizard.complete).toBe(false);
    wizard.values = { username: " K1/cti ", secret: " s ", token_url: "http://x" };
    wizard.typed = "31, 32";
    expect(wizard.complete).toBe(true);
    expect(wizard.draft()).toMatchObject({ username: "K1/cti", secret: " s ", options: { token_url: "http://x" }, mine: ["31", "32"], base_url: null });
  });

  it("asks for no name where a token is the sign-in", () => {
    const choices = ["token", "user"];
    const wizard = new WizardState();
    wizard.choose({ ...kind, fields: [{ name: "login", required: false, example: "", choices }, { name: "login_name", required: false, example: "", choices: [] }] });
    const fields = () => wizard.fields.map((field) => field.name);
    expect(fields()).toEqual(["login"]);
    wizard.values = { login: "user", login_name: "a@b.example" };
    expect(fields()).toEqual(["login", "login_name"]);
    wizard.values = { login: "token", login_name: "a@b.example" };
    expect(wizard.draft().options).toEqual({ login: "token" });
  });

  it("reads numbers as the service's country does, where it serves one alone", () => {
    const wizard = new WizardState();
    wizard.choose({ ...kind, region: "IL" });
    expect(wizard.draft().region).toBe("IL");
    wizard.choose(kind);
    expect(wizard.draft().region).toBe("DE");
  });

  it("forgets what was found when something is typed", () => {
    const wizard = new WizardState();
    wizard.findings = [{ step: "done", verdict: "works", text: "", note: null, count: null, problem: null }];
    expect(wizard.passed).toBe(true);
    wizard.changed();
    expect(wizard.passed).toBe(false);
  });

  it("offers the session where there is no key store", async () => {
    refuse = { add_account: "key_store_absent" };
    const wizard = new WizardState();
    wizard.choose(kind);
    expect(await wizard.add()).toBe(false);
    expect(wizard.noKeyStore).toBe(true);
  });
});
