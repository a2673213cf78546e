import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ApiError, CardView, Envelope, Request } from "../../host/contract.generated";
import type { Host } from "../../host/host";
import { cardView, hit, legView, lineView, numberParty, settingsView } from "../../host/mock/views";
import { CALLERS, STRANGER } from "../../host/mock/people";
import CardStack from "./CardStack.svelte";
import { Cards } from "./cards.svelte";

const mine = { ...lineView("office", "31", "Lea Sommer", "Support", 0), mine: true };
const WITHHELD = { kind: "withheld", dial: null, number: "", region: null, name: null, company: null } as const;

let seq = 0;
let say: (...events: Envelope[]) => void;
let asked: Request[];
let refusal: ApiError | null;
let stack: ReturnType<typeof mount>;
let fits: [number, number][];
let painted: boolean[];

function card(call: string, caller = CALLERS[0]!, more: Partial<CardView> = {}): CardView {
  return { ...cardView(legView(mine, numberParty(caller), Date.now(), { call }), caller, Date.now()), ...more };
}

const show = (view: CardView) => say({ seq: ++seq, type: "card", card: view });
const all = (id: string) => [...document.querySelectorAll<HTMLElement>(`[data-testid="${id}"]`)];
const texts = (id: string) => all(id).map((element) => element.textContent?.trim());

beforeEach(async () => {
  asked = [];
  refusal = null;
  fits = [];
  painted = [];
  seq = 0;
  vi.stubGlobal("requestAnimationFrame", (run: FrameRequestCallback) => setTimeout(() => run(0), 0));
  const host: Host = {
    async call(request) {
      asked.push(request);
      if (refusal && request.type === "add_contact") throw refusal;
      if (request.type === "snapshot") {
        const snapshot = { seq: 0, now: Date.now(), version: "", user: "Lea Sommer", accounts: [], lines: [], line_rows: [], legs: [], cards: [], dials: [], scenarios: [], open_callbacks: 0, settings: { ...settingsView(), language: "en" }, notices: [] };
        return { type: "snapshot", snapshot };
      }
      return { type: "done" };
    },
    async subscribe(handler) {
      say = (...events) => handler(events);
    },
    window: { startDrag() {}, fit: (width, height) => fits.push([width, height]), painted: (cards) => painted.push(cards) },
  };
  const cards = new Cards(host);
  stack = mount(CardStack, { target: document.body, props: { cards } });
  await cards.start();
});

afterEach(async () => {
  await unmount(stack);
  vi.unstubAllGlobals();
});

describe("a card", () => {
  it("says who, what, from where and to whom, in this order", () => {
    show(card("a"));
    const text = all("card")[0]?.textContent ?? "";
    const places = ["Incoming call", "Dr. Miriam Lenz", "Orthopädie Lenz", "+49 221 66966966", "Germany", "Called: Support hotline", "2 open tickets"].map((part) => text.indexOf(part));
    expect(places.every((at) => at >= 0)).toBe(true);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  it("is there as soon as the event is, and reports when it was painted", async () => {
    show(card("a"));
    expect(all("card")).toHaveLength(1);
    await vi.waitFor(() => expect(asked.some((request) => request.type === "measured" && request.name === "card_painted")).toBe(true));
  });

  it("is said to be painted after a frame, once however many there are, and to be gone with the last", async () => {
    show(card("a"));
    show(card("b", STRANGER));
    await vi.waitFor(() => expect(painted.at(-1)).toBe(true));
    say({ seq: ++seq, type: "card_gone", id: card("a").id });
    say({ seq: ++seq, type: "card_gone", id: card("b").id });
    await vi.waitFor(() => expect(painted.at(-1)).toBe(false));
    expect(painted.filter(Boolean)).toHaveLength(1);
  });

  it("keeps its element, its name and its place whatever else rings", () => {
    show(card("a"));
    const [first] = all("card");
    const name = all("card-name")[0];
    show(card("b", STRANGER));
    show(card("c", CALLERS[2]!));
    show({ ...card("a"), leg: { ...card("a").leg, phase: "connected", answered_at: Date.now() } });
    expect(all("card")[0]).toBe(first);
    expect(all("card-name")[0]).toBe(name);
    expect(texts("card-name")).toEqual(["Dr. Miriam Lenz", STRANGER.number, "Haim Azoulay"]);
    expect(first?.dataset["phase"]).toBe("connected");
    say({ seq: ++seq, type: "card_gone", id: card("b").id });
    expect(texts("card-name")).toEqual(["Dr. Miriam Lenz", "Haim Azoulay"]);
    expect(all("card")[0]).toBe(first);
  });

  it("keeps the places of facts that are still being fetched", () => {
    const facts = card("a").facts;
    show(card("a", CALLERS[0], { facts: facts.map((fact) => ({ ...fact, text: null, pending: true })) }));
    const before = all("fact");
    expect(before.map((it) => it.dataset["pending"])).toEqual(["true", "true", "true"]);
    show(card("a", CALLERS[0], { facts }));
    expect(all("fact")).toEqual(before);
    expect(texts("fact")[0]).toContain("2 open tickets");
  });

  it("shows an unknown number large, and offers the search", () => {
    show(card("a", STRANGER));
    expect(texts("card-name")).toEqual([STRANGER.number]);
    expect(texts("card-company")[0]).toContain("not in any directory");
    expect(texts("card-record")[0]).toContain("Search CRM");
  });

  it("keeps a stranger as a contact, and says in place what went wrong", async () => {
    show(card("a", STRANGER));
    document.querySelector<HTMLElement>("[data-testid=card-create-contact]")?.click();
    flushSync();
    const field = document.querySelector<HTMLInputElement>("[data-testid=contact-name]")!;
    expect(document.activeElement).toBe(field);
    field.dispatchEvent(new KeyboardEvent("keydown", { key: "w", bubbles: true }));
    flushSync();
    expect(all("card-why")).toHaveLength(0);
    field.value = " Petra Klein ";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    refusal = { code: "store_full", message: "no space left", hint: "" };
    document.querySelector("form")?.requestSubmit();
    await vi.waitFor(() => expect(texts("card-said")[0]).toContain("No space left"));
    refusal = null;
    document.querySelector("form")?.requestSubmit();
    await vi.waitFor(() => expect(all("contact-form")).toHaveLength(0));
    expect(asked).toContainEqual({ type: "add_contact", number: STRANGER.e164, name: "Petra Klein", company: "", note: "" });
    expect(all("card-said")).toHaveLength(0);
    const [first] = all("card");
    show(card("a", STRANGER, { best: hit({ ...STRANGER, name: "Petra Klein" }) }));
    expect(all("card")[0]).toBe(first);
    expect(texts("card-name")).toEqual(["Petra Klein"]);
    expect(all("card-create-contact")).toHaveLength(0);
  });

  it("offers no contact for somebody known or withheld", () => {
    show(card("a"));
    show({ ...cardView(legView(mine, WITHHELD, Date.now(), { call: "w" }), null, Date.now()) });
    expect(all("card-create-contact")).toHaveLength(0);
  });

  it("says that a number is withheld, and matches nobody", () => {
    const leg = legView(mine, WITHHELD, Date.now(), { call: "w" });
    show({ ...cardView(leg, null, Date.now()) });
    expect(texts("card-name")).toEqual(["Number withheld"]);
    expect(all("card-number")).toHaveLength(0);
  });

  it("tells the rule behind the name by one key", () => {
    show(card("a"));
    window.dispatchEvent(new KeyboardEvent("keydown", { key: "w" }));
    flushSync();
    expect(texts("card-why")[0]).toContain("Mobile number in demo, same number, found in 0.4\u00a0ms.");
    window.dispatchEvent(new KeyboardEvent("keydown", { key: "w" }));
    flushSync();
    expect(all("card-why")).toHaveLength(0);
  });

  it("names everybody who shares the number, and pins one", () => {
    show(card("a", CALLERS[0], { others: [hit(CALLERS[0]!, { contact: "x", name: "Anna Lenz" }), hit(CALLERS[0]!, { contact: "y", name: "Zoe Lenz" })] }));
    expect(texts("card-others")[0]).toBe("2 others share this number: Anna Lenz, Zoe Lenz");
    window.dispatchEvent(new KeyboardEvent("keydown", { key: "w" }));
    flushSync();
    document.querySelector<HTMLElement>("[data-testid=card-why] button")?.click();
    expect(asked).toContainEqual({ type: "pin_contact", number: "+4922166966966", contact: "x" });
  });

  it("is a strip where the app says so", () => {
    show(card("a", CALLERS[0], { manner: "strip" }));
    expect(all("card")[0]?.dataset["manner"]).toBe("strip");
  });

  it("shows how a call ended, then goes", () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    show({ ...card("a"), leg: { ...card("a").leg, phase: "ended", ended_at: Date.now(), outcome: "missed" } });
    expect(all("card")[0]?.textContent).toContain("Missed");
    vi.advanceTimersByTime(4100);
    flushSync();
    expect(all("card")).toHaveLength(0);
    vi.useRealTimers();
  });

  it("is announced", () => {
    show(card("a"));
    expect(texts("card-announce")[0]).toBe("Incoming call: Dr. Miriam Lenz, Orthopädie Lenz, Köln, +49 221 66966966");
  });
});
