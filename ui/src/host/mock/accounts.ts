// The rest of what can be asked: accounts, contacts, diagnostics.

import type { ContactView, Diagnostics, Finding, ImportReport, Reply, Request } from "../contract.generated";
import type { Mock } from ".";
import { KINDS } from "./kinds";
import { LONG, openOffice } from "./office";
import { CALLERS, GROUPS, STRANGER } from "./people";
import { accountView } from "./views";

export function mockAccounts(mock: Mock, request: Request): Reply {
  const { snapshot } = mock.office;
  switch (request.type) {
    case "account_kinds":
      return { type: "account_kinds", kinds: KINDS };
    case "test_account": {
      const refused = request.draft.secret === "wrong";
      findings(request.draft.provider, refused).forEach((finding, i) =>
        setTimeout(() => mock.say({ type: "finding", test: request.test, finding }), 400 * (i + 1)),
      );
      if (!refused) {
        const extensions = GROUPS.flatMap(({ name: group, first, names }) =>
          names.map((name, i) => ({ account: request.draft.id, extension: String(first + i), name, email: null, group })),
        );
        setTimeout(() => mock.say({ type: "test_extensions", test: request.test, extensions }), 400);
      }
      return { type: "done" };
    }
    case "add_account": {
      const kind = KINDS.find((it) => it.name === request.draft.provider);
      const account = { ...accountView(request.draft.id, request.draft.provider, kind?.title ?? "", Date.now()), demo: false };
      snapshot.accounts.push(account);
      mock.say({ type: "account", account });
      return { type: "account", account };
    }
    case "remove_account":
      snapshot.accounts = snapshot.accounts.filter((it) => it.id !== request.id);
      mock.say({ type: "account_gone", id: request.id });
      return { type: "done" };
    case "start_demo":
      mock.office = openOffice(new URLSearchParams(), Date.now());
      mock.office.snapshot.seq = snapshot.seq;
      mock.say({ type: "resync" });
      return { type: "done" };
    case "contacts":
      return contactsReply(contacts(request.text, snapshot.accounts.length > 0, mock.wishes("long")), request.limit);
    case "import_contacts":
      return {
        type: "import",
        report: importReport(request.name),
      };
    case "diagnostics":
      return { type: "diagnostics", diagnostics: diagnostics(Date.now()) };
    case "support_bundle":
      return { type: "text", text: "ringside 0.1.0\naccounts: office nfon online\n" };
    case "export_history":
      return { type: "text", text: "id,number,name\n" };
    case "lookup":
      return { type: "lookup", lookup: { number: request.number, best: null, others: [], took_us: 12 } };
    case "refresh_scenarios":
      for (const scenario of snapshot.scenarios) {
        if (scenario.stale_since === null) mock.say({ type: "scenario", scenario: Object.assign(scenario, { at: Date.now() }) });
      }
      return { type: "scenarios", scenarios: snapshot.scenarios };
    default:
      return { type: "done" };
  }
}

function findings(provider: string, refused: boolean): Finding[] {
  const works = (step: string, text: string): Finding => ({ step, verdict: "works", text, note: null, count: null, problem: null });
  const reach = works("reach", "TLS 1.3, 41 ms");
  if (refused) {
    return [
      reach,
      { step: "sign_in", verdict: "fails", text: "", note: null, count: null, problem: { code: "sign_in_refused", message: "The service refused the user name or password.", hint: "Check the user name and enter the password again." } },
      { step: "extensions", verdict: "not_tried", text: "", note: null, count: null, problem: null },
      { step: "done", verdict: "fails", text: "", note: null, count: null, problem: null },
    ];
  }
  if (provider === "swisscom") return [reach, works("sign_in", ""), works("health", "ok"), works("scenarios", "4"), works("done", "")];
  return [
    reach,
    works("sign_in", "K7001"),
    works("extensions", "26"),
    { step: "line_states", verdict: "warning", text: "", note: null, count: null, problem: { code: "line_states_polled", message: "The service does not stream line states; they are read every few seconds.", hint: "Nothing to do." } },
    works("live_calls", ""),
    works("done", ""),
  ];
}

function contactsReply(found: ContactView[], limit: number): Reply {
  return { type: "contacts", contacts: found.slice(0, limit), total: found.length, sources: [{ source: "demo", contacts: CALLERS.length }] };
}

function importReport(source: string): ImportReport {
  return {
    source,
    contacts: 118,
    numbers: 164,
    skipped: [{ line: 14, column: "", text: "", code: "no_number", reason: "There is no telephone number." }],
    skipped_total: 1,
    unread: [{ line: 90, column: "Mobile", text: "ask Petra", code: "number_has_letters", reason: "A number with letters can't be dialled." }],
    unread_total: 1,
    columns: [
      { heading: "Name", holds: "name" },
      { heading: "Mobile", holds: "number" },
      { heading: "Birthday", holds: null },
    ],
    cut: false,
    sample: null,
  };
}

function contacts(text: string, any: boolean, long: boolean): ContactView[] {
  const query = text.toLowerCase();
  const known = long ? CALLERS.map((it) => ({ ...it, name: it.name && `${it.name} ${LONG}`, company: `${it.company} ${LONG}`})) : CALLERS;
  return known.filter((it) => any && `${it.name} ${it.company} ${it.number}`.toLowerCase().includes(query)).map((it) => ({
    id: it.e164,
    name: it.name,
    company: it.company,
    numbers: long ? [it.number, STRANGER.number] : [it.number],
    numbers_shown: long ? [it.number, STRANGER.number] : [it.number],
    source: long ? "csv:customers-2026" : "demo",
    vip: it.vip ?? false,
    note: it.note ?? "",
    initial: (it.name || it.company).charAt(0).toUpperCase(),
    similar: false,
  }));
}

function diagnostics(now: number): Diagnostics {
  const latency = (name: string, account: string | null, p50: number) => ({ name, account, count: 1284, p50, p95: p50 * 2.1, p99: p50 * 3.4, max: p50 * 5.2 });
  return {
    version: "0.1.0",
    started_at: now - 5 * 3_600_000,
    latencies: [
      latency("event_to_card", null, 18.4), latency("event_to_view", null, 3.1), latency("lookup", null, 0.02),
      latency("history_write", null, 0.31), latency("dial_to_ringback", "office", 640), latency("card_painted", null, 12.2),
    ],
    links: [
      { account: "office", events: 48_211, last_event_at: now - 800, reconnects: 1 },
      { account: "branch", events: 9_020, last_event_at: now - 28 * 60_000, reconnects: 14 },
      { account: "forwarding", events: 0, last_event_at: null, reconnects: 0 },
    ],
    oddities: [{ account: "office", place: "line.presence", excerpt: "“lunch”", count: 12 }],
    store: "file",
    store_problem: null,
    key_store: "Secret Service",
    key_store_problem: null,
    memory_mb: 143.2,
    log: ["08:12:04 link office online", "13:34:10 link branch offline: unreachable", "13:34:11 next try in 1.2 s"],
  };
}
