// What the app last said, as maps: a snapshot, then every event in order. Knows no browser and no framework.

import type {
  AccountView,
  CardView,
  DialView,
  Envelope,
  LegView,
  LineView,
  Notice,
  ScenarioView,
  SettingsView,
  Snapshot,
} from "../host/contract.generated";

export interface Model {
  /** The last event that is in here. */
  seq: number;
  version: string;
  user: string;
  accounts: Map<string, AccountView>;
  lines: Map<string, LineView>;
  legs: Map<string, LegView>;
  cards: Map<string, CardView>;
  dials: Map<string, DialView>;
  scenarios: Map<string, ScenarioView>;
  notices: Map<string, Notice>;
  settings: SettingsView;
  openCallbacks: number;
}

/** What a change touched, so that only that is drawn again. */
export type Topic = "accounts" | "lines" | "legs" | "cards" | "dials" | "scenarios" | "notices" | "settings";
export const TOPICS: readonly Topic[] = [
  "accounts",
  "lines",
  "legs",
  "cards",
  "dials",
  "scenarios",
  "notices",
  "settings",
];

/** `gap`: events are missing, take the snapshot again. `old`: it is already in the model. */
export type Step = "applied" | "old" | "gap";

export const scenarioKey = (account: string, id: string) => `${account}/${id}`;

export function modelOf(snapshot: Snapshot): Model {
  return {
    seq: snapshot.seq,
    version: snapshot.version,
    user: snapshot.user,
    accounts: keyed(snapshot.accounts, (it) => it.id),
    lines: linesOf(snapshot),
    legs: keyed(snapshot.legs, (it) => it.id),
    cards: keyed(snapshot.cards, (it) => it.id),
    dials: keyed(snapshot.dials, (it) => it.intent),
    scenarios: keyed(snapshot.scenarios, (it) => scenarioKey(it.account, it.id)),
    notices: keyed(snapshot.notices, (it) => it.id),
    settings: snapshot.settings,
    openCallbacks: snapshot.open_callbacks,
  };
}

/** Puts one event into the model and notes what it touched. An event of a kind not known here changes nothing. */
export function apply(model: Model, event: Envelope, touched: Set<Topic>): Step {
  if (event.seq <= model.seq) return "old";
  if (event.seq > model.seq + 1 || event.type === "resync") return "gap";
  model.seq = event.seq;
  switch (event.type) {
    case "lines":
      for (const line of event.lines) model.lines.set(line.id, line);
      touched.add("lines");
      break;
    case "lines_gone":
      for (const id of event.ids) model.lines.delete(id);
      touched.add("lines");
      break;
    case "leg":
      model.legs.set(event.leg.id, event.leg);
      touched.add("legs");
      break;
    case "leg_gone":
      model.legs.delete(event.id);
      touched.add("legs");
      break;
    case "account":
      model.accounts.set(event.account.id, event.account);
      touched.add("accounts");
      break;
    case "account_gone":
      model.accounts.delete(event.id);
      touched.add("accounts");
      break;
    case "scenario":
      model.scenarios.set(scenarioKey(event.scenario.account, event.scenario.id), event.scenario);
      touched.add("scenarios");
      break;
    case "scenario_gone":
      model.scenarios.delete(scenarioKey(event.account, event.id));
      touched.add("scenarios");
      break;
    case "dial":
      model.dials.set(event.dial.intent, event.dial);
      touched.add("dials");
      break;
    case "card":
      model.cards.set(event.card.id, event.card);
      touched.add("cards");
      break;
    case "card_gone":
      model.cards.delete(event.id);
      touched.add("cards");
      break;
    case "notice":
      model.notices.set(event.notice.id, event.notice);
      touched.add("notices");
      break;
    case "notice_gone":
      model.notices.delete(event.id);
      touched.add("notices");
      break;
    case "settings":
      model.settings = event.settings;
      touched.add("settings");
      break;
    case "history":
    case "history_reset":
    case "agent":
    case "number_job":
    case "receiver":
    case "finding":
    case "test_extensions":
    case "show":
      break;
  }
  return "applied";
}

/** Quiet lines come in columns: see `LineRows`. */
function linesOf(snapshot: Snapshot): Map<string, LineView> {
  const lines = keyed(snapshot.lines, (it) => it.id);
  for (const rows of snapshot.line_rows) {
    const { account, group, line, presence, stale_since, no_dial } = rows;
    rows.extensions.forEach((extension, i) => {
      const id = `${account}/${extension}`;
      const [name, at] = [rows.names[i] ?? "", rows.at[i] ?? 0];
      lines.set(id, { id, account, extension, name, group, line, presence, at, stale_since, peer: null, peer_since: null, peer_phase: null, no_dial, mine: false, favourite: false });
    });
  }
  return lines;
}

function keyed<T>(values: readonly T[], key: (value: T) => string): Map<string, T> {
  return new Map(values.map((value) => [key(value), value]));
}
