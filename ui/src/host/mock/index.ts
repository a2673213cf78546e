// An office inside the browser: what the interface is developed and looked at with, without the app behind it.

import type { ApiEvent, DialState, DialView, Envelope, PartyView, Reply, Request, ScenarioView } from "../contract.generated";
import { type Host, Refused } from "../host";
import { mockAccounts } from "./accounts";
import { MockAgents } from "./agents";
import { wishedCard } from "./cards";
import { find, palette, readNumber } from "./directory";
import { historyPage } from "./history";
import { MockNumbers } from "./numbers";
import { type Office, openOffice } from "./office";
import { CALLERS, STRANGER } from "./people";
import { receiverFindings, receiverView } from "./receiver";
import { Traffic } from "./traffic";
import { WITHHELD, cardView, historyRow, hit, legView, numberParty } from "./views";

export function mockHost(wish: URLSearchParams): Host {
  return new Mock(wish).host;
}

export class Mock {
  office: Office;
  readonly #agents: MockAgents;
  readonly #numbers: MockNumbers;
  #handlers = new Set<(envelopes: Envelope[]) => void>();
  #wish: URLSearchParams;

  readonly host: Host = {
    call: (request) =>
      new Promise((resolve, reject) => {
        // As the app: a message there and a message back.
        setTimeout(() => {
          try {
            resolve(structuredClone(this.#answer(request)));
          } catch (error) {
            reject(error);
          }
        }, this.#pause(request));
      }),
    subscribe: async (handler) => {
      this.#handlers.add(handler);
    },
    window: { startDrag() {}, fit() {}, painted() {} },
    desktop: {
      exportHistory: async () => ({ id: 0, path: "/home/lea/Documents/ringside-2026-03-29.csv" }),
      showSaved: async () => undefined,
      copy: (text) => navigator.clipboard.writeText(text),
      restHotkeys: async () => undefined,
    },
  };

  constructor(wish: URLSearchParams) {
    this.#wish = wish;
    this.office = openOffice(wish, Date.now());
    this.#agents = new MockAgents(() => this.office.snapshot.lines, wish.get("agents"));
    this.#numbers = new MockNumbers(wish, (job) => this.say({ type: "number_job", job }));
    if (wish.has("receiver")) Object.assign(this.office.snapshot.settings.receiver, { on: true, public_url: wish.get("receiver") === "local" ? "" : "https://calls.example.com" });
    const rate = Number(wish.get("rate") ?? (wish.has("quiet") ? 0 : 1));
    if (rate > 0 && !wish.has("empty")) new Traffic(this, rate).start();
    const cards = Number(wish.get("cards") ?? (location.pathname.endsWith("card.html") ? 1 : 0));
    const kind = wish.get("card");
    if (kind) this.#show(kind);
    else if (cards > 0) setTimeout(() => this.#ring(cards), 300);
  }

  wishes(name: string): boolean {
    return this.#wish.has(name);
  }

  /** A question to a service takes its time, one to the app none. */
  #pause(request: Request): number {
    if (request.type === "set_agent") return this.#agents.pause;
    if (request.type === "verify_address" || request.type === "order_number" || request.type === "cancel_number") return 1200;
    return ["agent", "agent_states", "numbers", "test_receiver"].includes(request.type) ? 300 : 2;
  }

  /** Says these events, and keeps the snapshot true. */
  say(...events: ApiEvent[]): void {
    const snapshot = this.office.snapshot;
    const envelopes = events.map((event) => {
      snapshot.seq += 1;
      return structuredClone({ seq: snapshot.seq, ...event });
    });
    for (const handler of this.#handlers) handler(envelopes);
  }

  #show(kind: string): void {
    const { lines, cards } = this.office.snapshot;
    const mine = lines.find((line) => line.mine) ?? lines[0];
    if (!mine) return;
    const card = wishedCard(kind, mine, lines[0] ?? mine, Date.now());
    cards.push(card);
    const { call, remote, started_at } = card.leg;
    this.office.history.unshift(historyRow(20_000, mine, remote, started_at, { call, outcome: null, talk_s: null, answered_at: null, ended_at: null }));
  }

  #ring(count: number): void {
    const snapshot = this.office.snapshot;
    const mine = snapshot.lines.find((line) => line.mine) ?? snapshot.lines[0];
    if (!mine) return;
    const who = [CALLERS[0]!, STRANGER, null, CALLERS[2]!];
    for (let i = 0; i < count; i++) {
      const caller = who[i % who.length] ?? null;
      const leg = legView(mine, caller ? numberParty(caller) : WITHHELD, Date.now() - 6000 + i * 2000, { call: `card${i}` });
      const card = cardView(leg, caller, Date.now());
      if (i === 0) {
        card.others = [{ ...card.best!, contact: "b", name: "Anna Lenz", rule: "company_main_line", field: "main" }];
      }
      if (i === 3) card.manner = "strip";
      if (this.#wish.has("answered") && i === 0) Object.assign(card.leg, { phase: "connected", answered_at: Date.now() - 61_000 });
      snapshot.cards.push(card);
      this.say({ type: "card", card });
    }
  }

  #answer(request: Request): Reply {
    const { snapshot, history } = this.office;
    switch (request.type) {
      case "snapshot":
        return { type: "snapshot", snapshot: { ...snapshot, now: Date.now() } };
      case "read_number":
        return { type: "reading", reading: readNumber(request.text, snapshot, request.from) };
      case "find_numbers":
        return { type: "found", numbers: find(request.text) };
      case "palette":
        return { type: "palette", hits: palette(request.text, snapshot, request.limit) };
      case "dial":
        return { type: "dial", dial: this.#dial(request.intent, request.text, request.account) };
      case "history":
        return { type: "history", page: historyPage(history, request) };
      case "call_row": {
        const row = history.find((it) => it.account === request.account && it.call === request.call);
        if (!row) throw new Refused({ code: "not_found", message: "The call is not in the history yet.", hint: "" });
        return { type: "history_row", row };
      }
      case "set_scenario":
        return { type: "scenario", scenario: this.#throw(request) };
      case "set_settings":
        snapshot.settings = request.settings;
        this.say({ type: "settings", settings: request.settings }, { type: "receiver", receiver: this.#receiver() });
        return { type: "done" };
      case "favourite": {
        const line = snapshot.lines.find((it) => it.id === request.line);
        if (line) {
          line.favourite = request.on;
          this.say({ type: "lines", lines: [line] });
        }
        return { type: "done" };
      }
      case "set_note":
      case "claim":
      case "callback_done": {
        const row = history.find((it) => it.id === request.id);
        if (!row) throw new Refused({ code: "not_found", message: "There is no such call.", hint: "" });
        if (request.type === "set_note") row.note = request.note;
        else if (request.type === "claim") row.callback = request.claimed ? { state: "claimed", by: snapshot.user, at: Date.now() } : { state: "open" };
        else row.callback = { state: "done", at: Date.now() };
        this.say({ type: "history", row });
        return { type: "history_row", row };
      }
      case "card_note": {
        const card = snapshot.cards.find((it) => it.id === request.id);
        if (card) card.note = request.note;
        return { type: "done" };
      }
      case "hold_cards":
        return { type: "done" };
      case "card": {
        snapshot.cards = snapshot.cards.filter((card) => card.id !== request.id);
        this.say({ type: "card_gone", id: request.id });
        return { type: "done" };
      }
      case "add_contact":
        this.#keep(request);
        return { type: "done" };
      case "dismiss_notice":
        snapshot.notices = snapshot.notices.filter((it) => it.id !== request.id);
        this.say({ type: "notice_gone", id: request.id });
        return { type: "done" };
      case "set_hotkey": {
        const taken = request.keys === "Ctrl+Alt+T";
        if (taken) return { type: "hotkeys", refused: { [request.action]: "taken" } };
        snapshot.settings = { ...snapshot.settings, hotkeys: { ...snapshot.settings.hotkeys, [request.action]: request.keys ?? "" } };
        this.say({ type: "settings", settings: snapshot.settings });
        return { type: "hotkeys", refused: {} };
      }
      case "agent_states":
        return { type: "agent_states", states: this.#agents.states(request.account) };
      case "agent":
        return { type: "agent", agent: this.#agents.read(request.line) };
      case "set_agent":
        return { type: "agent", agent: this.#agents.set(request.line, request.state) };
      case "numbers":
        return { type: "numbers", accounts: this.#numbers.numbers(snapshot.accounts.map((it) => it.id)) };
      case "number_jobs":
        return { type: "number_jobs", jobs: snapshot.accounts.some((it) => it.id === "cologne") ? this.#numbers.jobs : [] };
      case "verify_address":
        return { type: "number_job", job: this.#numbers.verify(request.intent, request.account, request.address) };
      case "order_number":
        return { type: "number_job", job: this.#numbers.order(request.job, request.link_to) };
      case "cancel_number":
        return { type: "number_job", job: this.#numbers.cancel(request.account, request.number) };
      case "settle_number_job":
        return { type: "number_job", job: this.#numbers.settle(request.id, request.taken, request.reference) };
      case "number_arrived":
        return { type: "number_job", job: this.#numbers.arrived(request.id, request.number) };
      case "drop_number_job":
        return { type: "number_job", job: this.#numbers.drop(request.id) };
      case "receiver":
        return { type: "receiver", receiver: this.#receiver() };
      case "test_receiver":
        return { type: "findings", findings: receiverFindings(this.#receiver()) };
      default:
        return mockAccounts(this, request);
    }
  }

  #receiver() {
    const pushing = this.office.snapshot.accounts.filter((it) => it.provider === "voicenter" || it.provider === "tenios");
    return receiverView(this.office.snapshot.settings, pushing.map((it) => it.id), this.#wish.get("receiver"));
  }

  /** Somebody is known from now on: cards and calls say so. */
  #keep({ number, name, company, note }: Extract<Request, { type: "add_contact" }>): void {
    const { snapshot, history } = this.office;
    const caller = { name, company, e164: number, number, region: "", note };
    const call = <T extends { remote: PartyView }>(it: T): T => ({ ...it, remote: { ...it.remote, name, company } });
    snapshot.legs = snapshot.legs.map((leg) => (leg.remote.dial === number ? call(leg) : leg));
    for (const leg of snapshot.legs) if (leg.remote.dial === number) this.say({ type: "leg", leg });
    snapshot.cards = snapshot.cards.map((card) =>
      card.leg.remote.dial === number ? { ...card, best: hit(caller, { number: card.leg.remote.number, source: "own" }) } : card,
    );
    for (const card of snapshot.cards) if (card.leg.remote.dial === number) this.say({ type: "card", card });
    for (const row of history) if (row.remote.dial === number) Object.assign(row.remote, { name: name || null, company: company || null });
  }

  #dial(intent: string, text: string, account: string | null): DialView {
    const line = this.office.snapshot.lines.find((it) => it.extension === text && (!account || it.account === account));
    const party = readNumber(text, this.office.snapshot, null).party;
    const dial: DialView = {
      intent,
      account: account ?? "office",
      from: "office/31",
      to: party ?? { kind: "code", dial: text, number: text, region: null, name: line?.name ?? null, company: null },
      state: "sending",
      call: null,
      started_at: Date.now(),
      problem: null,
    };
    const busy = line?.line === "busy";
    const steps: DialState[] = ["accepted", "caller_ringing", "caller_answered", "callee_ringing", busy ? "busy" : "connected"];
    steps.forEach((state, i) => setTimeout(() => this.say({ type: "dial", dial: { ...dial, state } }), 300 + i * 1200));
    this.say({ type: "dial", dial });
    return dial;
  }

  #throw(request: Extract<Request, { type: "set_scenario" }>): ScenarioView {
    const scenario = this.office.snapshot.scenarios.find((it) => it.id === request.id);
    if (!scenario) throw new Refused({ code: "not_found", message: "There is no such scenario.", hint: "Refresh the list." });
    const asked = { active: request.active, by: "Lea Sommer", at: Date.now(), result: "requested" as const, result_at: null, problem: null };
    Object.assign(scenario, { asked, ends_at: request.ends_at, drift: false });
    this.say({ type: "scenario", scenario });
    setTimeout(() => {
      Object.assign(scenario, {
        state: request.active ? "active" : "inactive",
        at: Date.now(),
        asked: { ...asked, result: "confirmed", result_at: Date.now() },
      });
      this.say({ type: "scenario", scenario });
    }, 1500);
    return scenario;
  }
}
