// The state of the office inside the browser at its start, and what is asked for by the address line:
// `?lines=10000` a big house · `?rate=100` changes a second · `?empty` no account · `?lost` a link down everywhere
// `?long` names that never end · `?ungrouped` no groups · `?cards=3` ringing cards · `?quiet` nothing moves · `?lang=de` · `?theme=dark` · `?comfortable` · `?scenario=drift`
// `?all` five services at once · `?orders=none` · `?numbers=400` · `?agents=refused`, `otherwise`, `slow` · `?receiver=on`, `down` · `?sell=refused`, `lost`
// `?locked` settings held by a policy · `?refused` hotkeys that others hold · `?ill` accounts in every kind of trouble

import type { AccountView, HistoryRow, LineView, Snapshot } from "../contract.generated";
import { CALLERS, GROUPS, type Group, MORE_GROUPS, STRANGER } from "./people";
import {
  WITHHELD,
  accountView,
  extensionParty,
  historyRow,
  legView,
  lineView,
  numberParty,
  scenarioView,
  settingsView,
} from "./views";

export interface Office {
  snapshot: Snapshot;
  history: HistoryRow[];
}

const MINUTE = 60_000;
/** As a policy names them. */
const LOCKED = ["ui.language", "ui.theme", "me.extensions", "pop_up.inbound.vip.card", "pop_up.quiet", "pop_up.record_url", "hotkeys.preview", "history.days", "receiver.on", "receiver.listen"];

export function openOffice(wish: URLSearchParams, now: number): Office {
  const settings = settingsView();
  settings.language = wish.get("lang") ?? "auto";
  const theme = wish.get("theme");
  if (theme === "dark" || theme === "light") settings.theme = theme;
  settings.comfortable = wish.has("comfortable");
  if (wish.has("locked")) settings.locked = LOCKED;
  if (wish.has("refused")) settings.hotkeys_refused = { dial_selection: "taken" };
  const snapshot: Snapshot = {
    seq: 0,
    now,
    version: "0.1.0",
    user: "Lea Sommer",
    accounts: [],
    lines: [],
    line_rows: [],
    legs: [],
    cards: [],
    dials: [],
    scenarios: [],
    open_callbacks: 0,
    settings,
    notices: [],
  };
  if (wish.has("empty")) return { snapshot, history: [] };
  snapshot.lines = wish.has("lines") ? manyLines(Number(wish.get("lines")), now) : officeLines(now, wish.has("all") ? [...GROUPS, ...MORE_GROUPS] : GROUPS);
  connect(snapshot, now, wish.has("lost"));
  if (wish.has("all")) snapshot.accounts.push(...furtherAccounts(now));
  if (wish.has("ill")) ail(snapshot.accounts, now);
  if (!wish.has("lines")) scene(snapshot, now);
  if (wish.has("ungrouped")) for (const line of snapshot.lines) line.group = null;
  snapshot.scenarios = scenarios(now, wish.get("scenario"));
  if (wish.has("notice")) {
    snapshot.notices = [
      { id: "n1", level: "warning", at: now, problem: { code: "config_broken", message: "The configuration file has a mistake in line 7: expected a string for `secret`.", hint: "Ringside runs with the last good settings. Correct the line and start again." } },
      { id: "n2", level: "info", at: now, problem: { code: "outage_report", message: "Away 12:10–12:52: three calls were recovered, one line cannot be.", hint: "The gap is marked in the history." } },
    ];
  }
  const history = pastCalls(snapshot.lines, now);
  if (wish.has("long")) stretch(snapshot, history);
  snapshot.open_callbacks = history.filter((row) => row.callback && row.callback.state !== "done").length;
  return { snapshot, history };
}

function officeLines(now: number, groups: readonly Group[]): LineView[] {
  return groups.flatMap((group) =>
    group.names.map((name, i) => {
      const line = lineView(group.account, String(group.first + i), name, group.name, now - 30 * MINUTE);
      line.mine = line.id === "office/31" || line.id === "hotline/102";
      return line;
    }),
  );
}

/** A house of any size, its lines in groups of a few hundred. */
export function manyLines(count: number, now: number): LineView[] {
  const given = ["Amira", "Beat", "Clara", "David", "Elif", "Fabio", "Greta", "Hannes", "Ines", "Jonas", "Katrin", "Luca"];
  const family = ["Haddad", "Zürcher", "Nussbaum", "Meier", "Yıldız", "Conti", "Lindqvist", "Ott", "Kovač", "Wyss", "Sommer"];
  return Array.from({ length: count }, (_, i) => {
    const name = `${given[i % given.length]} ${family[(i * 7) % family.length]}`;
    const line = lineView("office", String(10_000 + i), name, `House ${1 + Math.floor(i / 400)}`, now - (i % 90) * MINUTE);
    if (i % 5 === 0) line.line = "busy";
    if (i % 31 === 0) line.line = "ringing";
    if (i % 17 === 0) line.presence = "dnd";
    line.mine = i === 0;
    return line;
  });
}

function connect(snapshot: Snapshot, now: number, lost: boolean): void {
  const office = accountView("office", "nfon", "NFON", now - 300 * MINUTE);
  const branch = accountView("branch", "nfon", "NFON", now - 28 * MINUTE);
  const forwarding = accountView("forwarding", "swisscom", "Swisscom", now - 300 * MINUTE);
  const accounts = [office, forwarding, branch];
  for (const account of lost ? accounts : [branch]) {
    account.link = {
      phase: "offline",
      since: now - 28 * MINUTE,
      reason: {
        code: "unreachable",
        message: "no answer from cti.example",
        hint: "Check the network. Ringside keeps trying automatically.",
        params: { service: account.title, host: "cti.example" },
        details: "Connection refused (os error 111)",
      },
      next_try_at: now + 24_000,
    };
    for (const line of snapshot.lines) if (line.account === account.id) line.stale_since = now - 28 * MINUTE;
  }
  snapshot.accounts = accounts;
}

function furtherAccounts(now: number): AccountView[] {
  const since = now - 300 * MINUTE;
  return [accountView("hotline", "voicenter", "Voicenter", since), accountView("cologne", "tenios", "TENIOS", since), accountView("shop", "fonial", "fonial", since)];
}

/** One must sign in again, one is limited and locked, one is connecting. */
function ail([first, second, third]: AccountView[], now: number): void {
  const warning = { code: "line_states_polled", message: "The service does not stream line states; they are read every few seconds.", hint: "Nothing to do." };
  const refused = { code: "sign_in_refused", message: "The service refused the user name or password.", hint: "Check the user name and enter the password again." };
  if (first) Object.assign(first, { secret: "missing", link: { phase: "offline", since: now - 3 * MINUTE, reason: refused, next_try_at: null } });
  if (second) Object.assign(second, { locked: true, demo: false, warnings: [warning], link: { phase: "degraded", since: now - 40 * MINUTE, reason: null, next_try_at: null } });
  if (third) third.link = { phase: "connecting", since: now - 4000, reason: null, next_try_at: null };
}

function scene(snapshot: Snapshot, now: number): void {
  const at = (extension: string) => snapshot.lines.find((line) => line.extension === extension)!;
  const busy = (extension: string, peer: LineView["peer"], ago: number) =>
    Object.assign(at(extension), { line: "busy", peer, peer_phase: "connected", peer_since: now - ago, at: now - ago });
  const ringing = (extension: string, peer: LineView["peer"]) =>
    Object.assign(at(extension), { line: "ringing", peer, peer_phase: "ringing", peer_since: now - 6000, at: now - 6000 });
  const [lenz, aalen, , beau, moreau] = CALLERS;
  busy("22", numberParty(lenz!), 12 * MINUTE + 41_000);
  ringing("23", numberParty(STRANGER));
  at("25").presence = "dnd";
  busy("27", extensionParty(at("43")), 54_000);
  at("28").presence = "away";
  at("30").line = "offline";
  busy("32", WITHHELD, 3 * MINUTE + 20_000);
  busy("42", numberParty(aalen!), 24 * MINUTE + 9_000);
  ringing("43", extensionParty(at("27")));
  at("44").presence = "busy";
  busy("46", numberParty(moreau!), 72_000);
  busy("50", numberParty(beau!), 153_000);
  at("62").line = "busy";
  at("67").line = "ringing";
  const mine = at("31");
  busy("31", numberParty(CALLERS[5]!), 252_000);
  snapshot.legs = [
    legView(mine, numberParty(CALLERS[5]!), now - 260_000, { call: "live", direction: "outbound", phase: "connected", answered_at: now - 252_000 }),
    legView(at("22"), numberParty(lenz!), now - 770_000, { phase: "connected", answered_at: now - 761_000, call: "l2" }),
    legView(at("23"), numberParty(STRANGER), now - 6000, { call: "l3" }),
    legView(at("43"), extensionParty(at("27")), now - 6000, { call: "l4" }),
  ];
  snapshot.cards = [];
}

function scenarios(now: number, wish: string | null): Snapshot["scenarios"] {
  const bern = scenarioView(
    "s1",
    "Bern flooded",
    Array.from({ length: 12 }, (_, i) => [`+41 31 560 10 ${20 + i}`, `+41 79 400 11 ${10 + i}`] as [string, string]),
    now - 2 * MINUTE,
  );
  bern.state = "active";
  bern.asked = { active: true, by: "Rina Shapira", at: now - 50 * MINUTE, result: "confirmed", result_at: now - 50 * MINUTE + 1800, problem: null };
  bern.ends_at = new Date(now).setHours(18, 0, 0, 0);
  if (bern.ends_at < now) bern.ends_at += 86_400_000;
  if (wish === "drift") {
    bern.drift = true;
    bern.state = "inactive";
  }
  if (wish === "accepted") bern.asked.result = "accepted_not_confirmed";
  const night = scenarioView("s2", "Night service", [["+41 31 560 10 00", "+41 44 668 18 99"]], now - 2 * MINUTE);
  const strike = scenarioView("s3", "Rail strike: all to home offices", [], now - 90 * MINUTE);
  strike.stale_since = now - 28 * MINUTE;
  strike.state = "unknown";
  strike.state_text = "IN_PREPARATION";
  const fire = scenarioView("s4", "Fire drill Zürich", [["+41 44 560 22 00", "+41 79 400 22 10"], ["+41 44 560 22 01", "+41 79 400 22 11"]], now - 2 * MINUTE);
  fire.asked = {
    active: true, by: "Sven Holm", at: now - 9 * MINUTE, result: "failed", result_at: now - 9 * MINUTE,
    problem: { code: "forbidden", message: "The service does not allow this: the application has no right to switch.", hint: "Ask your phone system's administrator for the licence and the right." },
  };
  return [bern, night, strike, fire];
}

function pastCalls(lines: LineView[], now: number): HistoryRow[] {
  const own = lines.find((line) => line.mine) ?? lines[0]!;
  const rows: HistoryRow[] = [];
  const add = (minutes: number, caller: Parameters<typeof historyRow>[2], more: Partial<HistoryRow> = {}, line = own) =>
    rows.push(historyRow(10_000 - rows.length, line, caller, now - minutes * MINUTE, more));
  const missed = { outcome: "missed", answered_at: null, talk_s: null, ring_s: 22, callback: { state: "open" } } as const;
  const [lenz, aalen, haim, beau] = CALLERS.map(numberParty);
  add(5, numberParty(CALLERS[5]!), { outcome: null, direction: "outbound", talk_s: null, ended_at: null, call: "live" });
  add(26, lenz!, { ...missed, provisional: true, legs: [own, ...lines.slice(0, 3)].map((line) => ({ extension: line.extension, extension_name: line.name, outcome: "missed", started_at: now - 26 * MINUTE, answered_at: null, ended_at: now - 25 * MINUTE })) });
  add(59, numberParty(STRANGER), { ...missed, ring_s: 41 });
  add(217, haim!, { ...missed, ring_s: 18, callback: { state: "claimed", by: "Rina Shapira", at: now - 100 * MINUTE } });
  add(240, aalen!, { direction: "outbound", talk_s: 370, note: "send the offer again" });
  add(275, WITHHELD, { outcome: "answered_elsewhere", talk_s: 60, legs: [{ extension: "22", extension_name: "Amira Haddad", outcome: "answered", started_at: now, answered_at: now, ended_at: now }] });
  add(290, lenz!, { sources: ["live", "journal"], was: { outcome: "missed", by: "live", at: now - 280 * MINUTE } });
  add(300, aalen!, { sources: ["journal"], extension: "", extension_name: "", mine: false, answered_at: null, ended_at: null, ring_s: null, talk_s: null, legs: [] });
  add(310, extensionParty(lines[Math.min(30, lines.length - 1)]!), { talk_s: 118 });
  add(330, beau!, { direction: "outbound", outcome: "busy", answered_at: null, talk_s: null });
  for (let i = 0; i < 400; i++) {
    const caller = numberParty(CALLERS[i % CALLERS.length]!);
    const outcomes = ["answered", "answered", "answered_elsewhere", "missed", "answered", "rejected", "failed", "cancelled", "unknown"] as const;
    const outcome = outcomes[i % outcomes.length]!;
    const talked = outcome === "answered";
    add(1500 + i * 47, caller, {
      outcome,
      direction: i % 3 === 0 ? "outbound" : "inbound",
      talk_s: talked ? 30 + ((i * 37) % 900) : null,
      answered_at: talked ? now - (1500 + i * 47) * MINUTE + 9000 : null,
      callback: outcome === "missed" && i % 3 !== 0 ? { state: "done", at: now - 1400 * MINUTE } : null,
      note: i % 11 === 0 ? "wants the new price list" : "",
    }, lines[i % lines.length] ?? own);
  }
  return rows;
}


export const LONG = "Anneliese von Hohenstein-Wittgenbach zu Dinkelsbühl";

/** Names and companies of a length that is rare, and real. */
function stretch(snapshot: Snapshot, history: HistoryRow[]): void {
  for (const line of snapshot.lines) {
    line.name = `${LONG} ${line.extension}`;
    if (line.group) line.group = `${line.group} Donaudampfschifffahrtsgesellschaft Oberösterreich, Niederlassung Passau`;
    if (line.peer?.name) line.peer.name = LONG;
  }
  for (const { remote } of [...snapshot.legs, ...history]) {
    if (remote.name) remote.name = LONG;
    if (remote.company) remote.company = `${LONG} Elektrizitätsversorgungsgesellschaft mbH & Co. KG`;
  }
  for (const leg of snapshot.legs) leg.extension_name = LONG;
  for (const row of history) row.extension_name = LONG;
  for (const scenario of snapshot.scenarios) scenario.name += ` ${LONG} ${LONG}`;
}
