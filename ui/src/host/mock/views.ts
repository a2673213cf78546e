// Makes the contract's views out of little.

import type {
  AccountView,
  CardView,
  HistoryRow,
  HitView,
  LegView,
  LineView,
  PartyView,
  ScenarioView,
  SettingsView,
} from "../contract.generated";
import { KINDS } from "./kinds";
import type { Caller } from "./people";

export function numberParty(caller: Caller): PartyView {
  return {
    kind: "number",
    dial: caller.e164,
    number: caller.number,
    region: caller.region,
    name: caller.name || null,
    company: caller.company || null,
  };
}

export function extensionParty(line: Pick<LineView, "extension" | "name">): PartyView {
  return { kind: "extension", dial: line.extension, number: line.extension, region: null, name: line.name, company: null };
}

export const WITHHELD: PartyView = { kind: "withheld", dial: null, number: "", region: null, name: null, company: null };

export function lineView(account: string, extension: string, name: string, group: string, at: number): LineView {
  return {
    id: `${account}/${extension}`,
    account,
    extension,
    name,
    group,
    line: "idle",
    presence: "available",
    at,
    stale_since: null,
    peer: null,
    peer_since: null,
    peer_phase: null,
    no_dial: null,
    mine: false,
    favourite: false,
  };
}

export function legView(line: LineView, remote: PartyView, at: number, more: Partial<LegView> = {}): LegView {
  const call = more.call ?? `c${at}`;
  return {
    id: `${line.account}/${call}/${line.extension}`,
    account: line.account,
    call,
    extension: line.extension,
    extension_name: line.name,
    direction: "inbound",
    phase: "ringing",
    remote,
    our_number: { kind: "number", dial: "+4930220000", number: "+49 30 220000", region: "DE", name: "Support hotline", company: null },
    class: remote.kind === "withheld" ? "withheld" : remote.kind === "extension" ? "internal" : remote.name || remote.company ? "external" : "unknown",
    started_at: at,
    answered_at: null,
    ended_at: null,
    outcome: null,
    provisional: false,
    unverified: false,
    mine: line.mine,
    no_hang_up: {
      code: "too_late",
      message: "This service ends only calls that were started from here, and only while they are being set up.",
      hint: "Hang up on your phone.",
    },
    ...more,
  };
}

export function hit(caller: Caller, more: Partial<HitView> = {}): HitView {
  return {
    contact: caller.e164,
    name: caller.name,
    company: caller.company,
    number: caller.number,
    source: "demo",
    field: "mobile",
    rule: "exact_number",
    took_us: 380,
    vip: caller.vip ?? false,
    pinned: false,
    note: caller.note ?? "",
    ...more,
  };
}

export function cardView(leg: LegView, caller: Caller | null, now: number): CardView {
  const known = caller !== null && Boolean(caller.name || caller.company);
  return {
    id: leg.id,
    leg,
    manner: "card",
    best: known ? hit(caller) : null,
    others: [],
    facts: known
      ? [
          fact("open_tickets", { count: 2, text: "one overdue since Monday", source: "RT" }),
          fact("last_spoken", { at: now - 3 * 86_400_000, seconds: 240, text: null, source: "history" }),
          ...(caller.note ? [fact("contact_note", { text: caller.note, source: "demo" })] : []),
        ]
      : leg.remote.kind === "withheld"
        ? []
        : [fact("called_today_unanswered", { count: 3, source: "history" }), fact("open_tickets", { pending: true, source: "RT" })],
    record_url: leg.remote.kind === "withheld" ? null : "https://crm.example/record",
    note: "",
    unverified_since: leg.unverified ? now - 60_000 : null,
    problem: null,
  };
}

function fact(kind: CardView["facts"][number]["kind"], more: Partial<CardView["facts"][number]>): CardView["facts"][number] {
  return { kind, at: null, count: null, seconds: null, text: null, source: "", pending: false, ...more };
}

export function historyRow(id: number, line: LineView, remote: PartyView, at: number, more: Partial<HistoryRow> = {}): HistoryRow {
  return {
    id,
    account: line.account,
    call: `h${id}`,
    extension: line.extension,
    extension_name: line.name,
    direction: "inbound",
    remote,
    our_number: { kind: "number", dial: "+4930220000", number: "+49 30 220000", region: "DE", name: "Support hotline", company: null },
    outcome: "answered",
    provisional: false,
    started_at: at,
    answered_at: at + 8_000,
    ended_at: at + 128_000,
    ring_s: 8,
    talk_s: 120,
    note: "",
    callback: null,
    legs: [{ extension: line.extension, extension_name: line.name, outcome: "answered", started_at: at, answered_at: at + 8_000, ended_at: at + 128_000 }],
    mine: line.mine,
    sources: ["live"],
    was: null,
    ...more,
  };
}

export function accountView(id: string, provider: string, title: string, since: number): AccountView {
  return {
    id,
    provider,
    title,
    capabilities: KINDS.find((kind) => kind.name === provider)?.capabilities ?? [],
    link: { phase: "online", since, reason: null, next_try_at: null },
    secret: "keyring",
    warnings: [],
    locked: false,
    demo: true,
    clock_ahead_s: null,
    journal: null,
  };
}

export function scenarioView(id: string, name: string, forwardings: [string, string][], at: number): ScenarioView {
  return {
    account: "forwarding",
    id,
    name,
    state: "inactive",
    state_text: null,
    forwardings: forwardings.map(([from, to]) => ({ from, to, from_shown: from, to_shown: to })),
    at,
    stale_since: null,
    asked: null,
    ends_at: null,
    drift: false,
    unverified_live: true,
  };
}

export function settingsView(): SettingsView {
  const rule = { card: "on_ringing", record: "on_hotkey" } as const;
  const classes = ["internal", "external", "vip", "withheld", "unknown"];
  const pop_up = Object.fromEntries(
    ["inbound", "outbound"].flatMap((way) =>
      classes.map((of) => [`${way}.${of}`, way === "inbound" ? rule : ({ card: "on_answer", record: "on_hotkey" } as const)]),
    ),
  );
  return {
    language: "auto",
    theme: "system",
    comfortable: false,
    mine: ["office/31"],
    region: "DE",
    pop_up,
    quiet: false,
    ring_sound: false,
    notify_missed: true,
    notify_failed_dial: true,
    record_url: "https://crm.example/find?number={number}",
    confirm_links: true,
    dial_timeout_s: 30,
    hotkeys: { preview: "Ctrl+Alt+P", palette: "Ctrl+Alt+Space", dial_selection: "Ctrl+Alt+D", hang_up: "Ctrl+Alt+H" },
    hotkeys_refused: {},
    close_to_tray: true,
    autostart: false,
    show_peers: true,
    retention_days: 90,
    favourites: [],
    receiver: { on: false, listen: "127.0.0.1:8465", public_url: "" },
    locked: [],
  };
}
