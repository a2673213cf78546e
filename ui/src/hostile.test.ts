// Names, companies, notes: somebody else's input. All of it is text, wherever it is shown.

import { flushSync, mount, unmount } from "svelte";
import { describe, expect, it } from "vitest";
import AgentMenu from "./features/agents/AgentMenu.svelte";
import Board from "./features/board/Board.svelte";
import CardStack from "./features/card/CardStack.svelte";
import { Cards } from "./features/card/cards.svelte";
import CallsPage from "./features/calls/CallsPage.svelte";
import ContactsPage from "./features/contacts/ContactsPage.svelte";
import HistoryPage from "./features/history/HistoryPage.svelte";
import Notices from "./features/notices/Notices.svelte";
import NumbersPage from "./features/numbers/NumbersPage.svelte";
import Banner from "./features/scenarios/Banner.svelte";
import ScenariosPage from "./features/scenarios/ScenariosPage.svelte";
import Receiving from "./features/settings/Receiving.svelte";
import type { ContactView, HistoryRow, PartyView, ReceiverAccount, Reply, Request, Snapshot } from "./host/contract.generated";
import type { Host } from "./host/host";
import { jobView } from "./host/mock/numbers";
import { accountView, cardView, historyRow, hit, legView, lineView, scenarioView } from "./host/mock/views";
import { app } from "./model/app.svelte";
import { snapshot } from "./model/fixtures";

const PAYLOADS = [
  "<script>window.hacked=1</script>",
  "<img src=x onerror=window.hacked=1>",
  "<svg onload=window.hacked=1>",
  "<svg><script>window.hacked=1</script></svg>",
  "<iframe src=javascript:window.hacked=1>",
  "<a href=javascript:window.hacked=1>x</a>",
  '"><b>x</b>',
  "'><i>x</i>",
  "<style>*{display:none}</style>",
  "<link rel=stylesheet href=//evil.example>",
  "<base href=//evil.example>",
  "<meta http-equiv=refresh content=0;url=//evil.example>",
  "<form action=//evil.example><input name=x></form>",
  "<object data=//evil.example>",
  "<embed src=//evil.example>",
  "<video src=//evil.example onerror=window.hacked=1>",
  "<math><mtext><img src=x onerror=window.hacked=1>",
  "<details open ontoggle=window.hacked=1>",
  "<template><img src=x onerror=window.hacked=1></template>",
  "javascript:window.hacked=1",
  "data:text/html,<script>window.hacked=1</script>",
  "{{constructor.constructor('window.hacked=1')()}}",
  "${window.hacked=1}",
  "{@html '<img src=x>'}",
  "{name}{count}",
  "%3Cscript%3E",
  "&lt;script&gt;",
  "&#60;script&#62;",
  "\u202eevil\u202c",
  "\u2066\u2067\u2068",
  "a\u0000b",
  "line\nbreak\r\nsecond",
  "\ufeff\u200b\u200d",
  "x".repeat(10_000),
  "é".repeat(2_000),
  "😀".repeat(500),
  "=cmd|' /C calc'!A0",
  "expression(window.hacked=1)",
  "url(//evil.example/x.png)",
  "</textarea><script>window.hacked=1</script>",
  "-->]]><script>window.hacked=1</script>",
  "__proto__",
];

function party(text: string): PartyView {
  return { kind: "number", dial: "+4922166966966", number: text, region: "DE", name: text, company: text };
}

/** Every place where foreign text comes in: twelve fields and more, all of them hostile at once. */
function hostileSnapshot(text: string): Snapshot {
  const line = { ...lineView("office", "31", text, text, 0), mine: true, line: "busy" as const, peer: party(text) };
  const leg = legView(line, party(text), Date.now(), { extension_name: text, our_number: party(text), phase: "connected" });
  const problem = { code: "unknown_code", message: text, hint: text };
  const scenario = scenarioView("s", text, [[text, text]], 0);
  return snapshot([line], 0, {
    accounts: [{ ...accountView("office", "tenios", text, 0), warnings: [problem] }],
    legs: [leg],
    scenarios: [{ ...scenario, state: "unknown", state_text: text, drift: true, asked: { active: true, by: text, at: 0, result: "failed", result_at: 0, problem } }],
    notices: [{ id: "n", level: "error", at: 0, problem }],
  });
}

function replies(text: string): Host {
  const view = hostileSnapshot(text);
  const line = view.lines[0]!;
  const row: HistoryRow = historyRow(1, line, party(text), Date.now(), { note: text, callback: { state: "claimed", by: text, at: 0 } });
  const contact: ContactView = { id: "c", name: text, company: text, numbers: [text], numbers_shown: [text], source: text, vip: true, note: text, initial: text, similar: true };
  const leg = view.legs[0]!;
  const card = cardView(leg, null, Date.now());
  card.best = hit({ name: text, company: text, e164: "+49", number: text, region: "DE" }, { source: text, field: text, rule: text, note: text });
  card.others = [{ ...card.best, contact: "o" }];
  card.facts = [{ kind: "last_note", at: 0, count: null, seconds: null, text, source: text, pending: false }];
  view.cards = [card];
  const problem = { code: "unknown_code", message: text, hint: text };
  const state = { id: text, mode: "other", name: text } as const;
  const job = jobView(1, "ordered", text, 0, { account: "office", document_name: text, by: text, verification: text, order: text, brought: [text], link_to: text, problem });
  const receiver: ReceiverAccount = { account: "office", local_url: text, public_url: text, taken: 1, last_at: 0, refused: 1, last_refused: problem };
  const answers: Partial<Record<Request["type"], Reply>> = {
    snapshot: { type: "snapshot", snapshot: view },
    history: { type: "history", page: { rows: [row], gaps: [], next: null, open_callbacks: 1 } },
    contacts: { type: "contacts", contacts: [contact], total: 1, sources: [{ source: text, contacts: 1 }] },
    agent: { type: "agent", agent: { line: line.id, account: "office", extension: "31", state, at: 0 } },
    agent_states: { type: "agent_states", states: [state] },
    numbers: { type: "numbers", accounts: [{ account: "office", numbers: [{ account: "office", written: text, number: null, shown: text, id: text }], problem, orders: true, document_kinds: [text] }] },
    number_jobs: { type: "number_jobs", jobs: [job] },
    receiver: { type: "receiver", receiver: { listening: text, problem, accounts: [receiver] } },
  };
  return {
    call: async (request) => answers[request.type] ?? { type: "done" },
    subscribe: async () => undefined,
    window: { startDrag() {}, fit() {}, painted() {} },
  };
}

const nothing = () => undefined;
const ALLOWED = new Set(
  ("i section header h1 h2 h3 div span p ul ol li b bdi button input select option label time svg path circle rect main article " +
    "textarea table tbody thead tr td th details summary kbd ol dl dt dd code").split(" "),
);

function elements(root: Element): string[] {
  return [...root.querySelectorAll("*")].map((element) => element.tagName.toLowerCase());
}

describe("hostile text", () => {
  it.each(PAYLOADS.map((text, i) => [i, text] as const))("%i stays text everywhere", async (_, text) => {
    const host = replies(text);
    document.body.replaceChildren();
    const target = document.body;
    app.start(host);
    await new Promise((resolve) => setTimeout(resolve, 40));
    const cards = new Cards(host);
    await cards.start();
    const shown = [
      mount(Board, { target, props: { leaving: null, ondial: nothing, onstar: nothing, onagent: nothing, onaccounts: nothing } }),
      mount(CallsPage, { target }),
      mount(HistoryPage, { target, props: { callbacks: false, oncall: nothing } }),
      mount(ContactsPage, { target, props: { ondial: nothing } }),
      mount(ScenariosPage, { target }),
      mount(NumbersPage, { target }),
      mount(Receiving, { target }),
      mount(AgentMenu, { target, props: { line: [...app.lines.values()][0]!, anchor: document.body, onclose: nothing } }),
      mount(Banner, { target, props: { onshow: nothing } }),
      mount(Notices, { target }),
      mount(CardStack, { target, props: { cards } }),
    ];
    await new Promise((resolve) => setTimeout(resolve, 10));
    flushSync();
    document.querySelector<HTMLElement>("[data-testid=history-row] .main")?.click();
    window.dispatchEvent(new KeyboardEvent("keydown", { key: "w" }));
    flushSync();

    expect(elements(target).filter((tag) => !ALLOWED.has(tag))).toEqual([]);
    const attributes = [...target.querySelectorAll("*")].flatMap((element) => [...element.attributes].map((it) => it.name));
    expect(attributes.filter((name) => /^on/.test(name) || name === "href" || name === "src" || name === "srcdoc")).toEqual([]);
    expect((window as unknown as { hacked?: number }).hacked).toBeUndefined();
    const normal = (value: string | null | undefined) => (value ?? "").replace(/\s+/g, " ").trim();
    expect(normal(document.querySelector("[data-testid=card-name]")?.textContent)).toBe(normal(text));
    expect(normal(document.querySelector("[data-testid=job] h2")?.textContent)).toContain(normal(text));
    expect(normal(document.querySelector("[data-testid=agent-state]")?.textContent)).toBe(normal(text) || "Another state");
    expect(normal(document.querySelector("[data-testid=board] [data-tile] .name")?.textContent)).toContain(normal(text));
    for (const view of shown) await unmount(view);
  });
});
