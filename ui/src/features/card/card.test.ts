// The cards as one window. This file is long: every test of it stands on the same host and the same stack of cards.

import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ApiError, CardView, Envelope, Request } from "../../host/contract.generated";
import type { Host } from "../../host/host";
import { cardView, hit, legView, lineView, numberParty, settingsView } from "../../host/mock/views";
import { CALLERS, STRANGER } from "../../host/mock/people";
import CardStack from "./CardStack.svelte";
import { Cards } from "./cards.svelte";
import { fieldText, whyText } from "./card-text";

const mine = { ...lineView("office", "31", "Lea Sommer", "Support", 0), mine: true };
const WITHHELD = { kind: "withheld", dial: null, number: "", region: null, name: null, company: null } as const;

let seq = 0;
let say: (...events: Envelope[]) => void;
let asked: Request[];
let refusal: ApiError | null;
const refused = new Set<Request["type"]>();
let stack: ReturnType<typeof mount>;
let fits: [number, number][];
let painted: number[];
let drags: number;

function card(call: string, caller = CALLERS[0]!, more: Partial<CardView> = {}): CardView {
  return { ...cardView(legView(mine, numberParty(caller), Date.now(), { call }), caller, Date.now()), ...more };
}

const show = (view: CardView) => say({ seq: ++seq, type: "card", card: view });
const all = (id: string) => [...document.querySelectorAll<HTMLElement>(`[data-testid="${id}"]`)];
const press = (key: string) => {
  window.dispatchEvent(new KeyboardEvent("keydown", { key, cancelable: true }));
  flushSync();
};
const texts = (id: string) => all(id).map((element) => element.textContent?.trim());

beforeEach(async () => {
  asked = [];
  refusal = null;
  refused.clear();
  fits = [];
  painted = [];
  drags = 0;
  seq = 0;
  // A whole card is 200 pixels high here, a strip 44.
  vi.spyOn(HTMLElement.prototype, "getBoundingClientRect").mockImplementation(() => {
    const high = all("card").reduce((sum, it) => sum + (it.dataset["manner"] === "card" ? 200 : 44), 0);
    return { height: high } as DOMRect;
  });
  vi.stubGlobal("requestAnimationFrame", (run: FrameRequestCallback) => setTimeout(() => run(0), 0));
  const host: Host = {
    async call(request) {
      asked.push(request);
      if (refusal && request.type === "add_contact") throw refusal;
      if (refused.has(request.type)) throw { code: "app_unreachable", message: "gone", hint: "" };
      if (request.type === "snapshot") {
        const snapshot = { seq: 0, now: Date.now(), version: "", user: "Lea Sommer", accounts: [], lines: [], line_rows: [], legs: [], cards: [], dials: [], scenarios: [], open_callbacks: 0, settings: { ...settingsView(), language: "en" }, notices: [] };
        return { type: "snapshot", snapshot };
      }
      return { type: "done" };
    },
    async subscribe(handler) {
      say = (...events) => handler(events);
    },
    window: { startDrag: () => (drags += 1), fit: (width, height) => fits.push([width, height]), painted: (cards) => painted.push(cards) },
  };
  const cards = new Cards(host);
  stack = mount(CardStack, { target: document.body, props: { cards } });
  await cards.start();
});

afterEach(async () => {
  await unmount(stack);
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe("a card", () => {
  it("says who, what, from where and to whom, in this order", () => {
    show(card("a"));
    const text = all("card")[0]?.textContent ?? "";
    const places = ["Incoming call", "Dr. Miriam Lenz", "Orthopädie Lenz", "+49 221 66966966", "Germany", "On your line 31 (Support hotline)", "2 open tickets"].map((part) => text.indexOf(part));
    expect(places.every((at) => at >= 0)).toBe(true);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  it("is there as soon as the event is, and reports when it was painted", async () => {
    show(card("a"));
    expect(all("card")).toHaveLength(1);
    await vi.waitFor(() => expect(asked.some((request) => request.type === "measured" && request.name === "card_painted")).toBe(true));
  });

  it("is said to be painted after a frame, and to be gone with the last at once", async () => {
    show(card("a"));
    expect(fits.at(-1)).toEqual([400, 200]);
    expect(painted).toEqual([]);
    await vi.waitFor(() => expect(painted).toEqual([200]));
    show(card("b", STRANGER));
    await vi.waitFor(() => expect(painted).toEqual([200, 244]));
    say({ seq: ++seq, type: "card_gone", id: card("a").id });
    expect(fits.at(-1)).toEqual([400, 200]);
    say({ seq: ++seq, type: "card_gone", id: card("b").id });
    expect(painted.at(-1)).toBe(0);
  });

  it("keeps its element and its name from the first ring to the end, whole or not", () => {
    show(card("a"));
    const name = all("card-name")[0];
    show({ ...card("a"), leg: { ...card("a").leg, phase: "connected", answered_at: Date.now() } });
    expect(all("card-name")[0]).toBe(name);
    expect(all("card")[0]?.dataset["phase"]).toBe("connected");
    // Whoever rings is first and whole; the call that goes on is a strip below.
    show(card("b", STRANGER));
    expect(texts("card-name")).toEqual([STRANGER.number, "Dr. Miriam Lenz"]);
    expect(all("card").map((it) => it.dataset["manner"])).toEqual(["card", "strip"]);
    say({ seq: ++seq, type: "card_gone", id: card("b").id });
    expect(all("card").map((it) => it.dataset["manner"])).toEqual(["card"]);
  });

  it("goes when the app says so, and not by any clock of its own", () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    show({ ...card("a"), leg: { ...card("a").leg, phase: "ended", ended_at: Date.now(), outcome: "missed" } });
    vi.advanceTimersByTime(3_600_000);
    flushSync();
    expect(all("card")[0]?.textContent).toContain("Missed");
    vi.useRealTimers();
    say({ seq: ++seq, type: "card_gone", id: card("a").id });
    expect(all("card")).toHaveLength(0);
  });

  it("offers to call back what was missed, by button and by key", async () => {
    vi.useFakeTimers();
    show({ ...card("a"), leg: { ...card("a").leg, phase: "ended", ended_at: Date.now(), outcome: "missed" } });
    vi.advanceTimersByTime(1000);
    for (const [button, key, action] of [["card-call-back", "Enter", "call_back"], ["card-claim", "i", "claim"], ["card-later", "l", "dismiss"]] as const) {
      asked = [];
      all(button)[0]?.click();
      press(key);
      expect(asked.filter((it) => it.type === "card")).toEqual(Array(2).fill({ type: "card", action, id: card("a").id }));
    }
    vi.useRealTimers();
    show(card("b"));
    expect(all("card-call-back")).toHaveLength(0);
  });

  it("shows every key on its button", () => {
    show(card("a", STRANGER));
    const keys = [...document.querySelectorAll<HTMLElement>("[data-testid=card] [aria-keyshortcuts]")].map((it) => it.getAttribute("aria-keyshortcuts"));
    expect(keys).toEqual(["Escape", "n", "Enter o", "c"]);
    expect([...document.querySelectorAll("[data-testid=card] kbd")].map((it) => it.textContent)).toEqual(["Esc", "N", "", "C"]);
  });

  it("says on itself that there is no record, and where to set one up", () => {
    show(card("a", CALLERS[0], { record_url: null, problem: { code: "no_record_url", message: "no address of records is set", hint: "" } }));
    expect(texts("card-said")[0]).toContain("No CRM is set up.");
    expect(all("card-said")[0]?.className, "nothing failed").not.toContain("failed");
    press("s");
    expect(asked).toContainEqual({ type: "card", action: "set_up_record", id: card("a").id });
  });

  it("says since when nobody vouches for the call, instead of a clock", () => {
    const since = new Date(2026, 10, 30, 13, 40).getTime();
    show(card("a", CALLERS[0], { leg: { ...card("a").leg, phase: "connected", answered_at: since - 60_000, unverified: true }, unverified_since: since }));
    expect(texts("card-phase")).toEqual(["Not confirmed since 13:40"]);
    expect(texts("card-age")).toEqual([""]);
    expect(all("card-lamp")[0]?.className).toContain("unsure");
  });

  it("takes no click of the pointer that was meant for what was there before", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const click = () => all("card-hide")[0]?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, detail: 1 }));
    show(card("a"));
    click();
    vi.advanceTimersByTime(390);
    click();
    expect(asked.filter((it) => it.type === "card")).toEqual([]);
    vi.advanceTimersByTime(20);
    click();
    expect(asked.filter((it) => it.type === "card")).toHaveLength(1);
    vi.useRealTimers();
  });

  it("takes no click or Enter that was meant for the keys it had while it rang", () => {
    vi.useFakeTimers();
    const rang = card("a");
    show(rang);
    vi.advanceTimersByTime(1000);
    show({ ...rang, leg: { ...rang.leg, phase: "ended", outcome: "missed" } });
    all("card-call-back")[0]?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, detail: 1 }));
    press("Enter");
    expect(asked.filter((it) => it.type === "card")).toEqual([]);
    vi.advanceTimersByTime(420);
    press("Enter");
    vi.useRealTimers();
    expect(asked.filter((it) => it.type === "card")).toEqual([{ type: "card", action: "call_back", id: rang.id }]);
  });

  it("is carried by a drag and not by a click", async () => {
    show(card("a"));
    await vi.waitFor(() => expect(all("cards")[0]?.dataset["settling"]).toBe("false"));
    const mouse = (type: string, x: number) =>
      all("card-phase")[0]?.dispatchEvent(new MouseEvent(type, { bubbles: true, cancelable: true, detail: 1, button: 0, buttons: type === "mouseup" ? 0 : 1, screenX: x, screenY: 0 }));
    mouse("mousedown", 0);
    mouse("mousemove", 3);
    mouse("mouseup", 3);
    mouse("mousemove", 40);
    expect(drags).toBe(0);
    mouse("mousedown", 0);
    mouse("mousemove", 5);
    expect(drags).toBe(1);
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

  it("says of a fact first when and how long, and cuts whom it was with", () => {
    const at = new Date(2026, 9, 21, 9, 5).getTime();
    vi.setSystemTime(new Date(2026, 10, 30, 12).getTime());
    const [other] = card("a").facts.filter((fact) => fact.kind === "last_spoken");
    show(card("a", CALLERS[0], { facts: [{ ...other!, at, seconds: 12_420, text: "Katharina Oberhauser" }] }));
    vi.useRealTimers();
    const [lead, text] = [...all("fact")[0]!.children];
    expect(lead?.textContent?.replaceAll("\u00a0", " ")).toMatch(/^Last spoke [^o].*Oct.*, 3 h 27 min$/);
    expect([text?.textContent, text?.getAttribute("title")]).toEqual(["with Katharina Oberhauser", "with Katharina Oberhauser"]);
  });

  it("shows an unknown number large, and offers the search", () => {
    show(card("a", STRANGER));
    expect(texts("card-name")).toEqual([STRANGER.number]);
    expect(texts("card-company")[0]).toContain("not in your contacts");
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
    await vi.waitFor(() => expect(texts("card-said")[0]).toContain("The disk is full."));
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

  it("goes back from the form by the drawn key as by the key itself", () => {
    show(card("a", STRANGER));
    press("c");
    expect([...document.querySelectorAll("[data-testid=contact-form] kbd")].map((it) => it.textContent)).toEqual(["", "Esc"]);
    all("card-hide")[0]?.click();
    flushSync();
    expect([all("card").length, all("contact-form").length]).toEqual([1, 0]);
    expect(asked.filter((it) => it.type === "card")).toEqual([]);
  });

  it("takes no note before it knows the one there is", () => {
    show(card("a", CALLERS[0], { note: null }));
    const field = document.querySelector<HTMLTextAreaElement>("[data-testid=card-note]")!;
    expect([field.readOnly, field.placeholder, field.parentElement?.querySelector("kbd")]).toEqual([true, "Loading note …", null]);
    press("n");
    expect(document.activeElement).not.toBe(field);
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

  it("closes a missed call that nobody can return: nothing comes of it later", () => {
    const leg = legView(mine, WITHHELD, Date.now(), { call: "w", phase: "ended", outcome: "missed" });
    show({ ...cardView(leg, null, Date.now()) });
    expect(texts("card-later")).toEqual(["EscClose"]);
    press("l");
    expect(asked.some((request) => request.type === "card")).toBe(false);
    press("Escape");
    expect(asked.at(-1)).toMatchObject({ type: "card", action: "dismiss" });
  });

  it("names the number where a contact does not say of what kind it is", () => {
    const own = { ...card("a").best!, field: "", rule: "exact_number" };
    expect(whyText(own)).toMatch(/exact match of the number\.$/);
    expect(fieldText(own)).toBe("Number");
  });

  it("tells the rule behind the name by one key", () => {
    show(card("a"));
    window.dispatchEvent(new KeyboardEvent("keydown", { key: "w" }));
    flushSync();
    expect(texts("card-why")[0]).toContain("From Demo contacts: exact match of the mobile number.");
    window.dispatchEvent(new KeyboardEvent("keydown", { key: "w" }));
    flushSync();
    expect(all("card-why")).toHaveLength(0);
  });

  it("names everybody who shares the number, and pins one", () => {
    show(card("a", CALLERS[0], { others: [hit(CALLERS[0]!, { contact: "x", name: "Anna Lenz" }), hit(CALLERS[0]!, { contact: "y", name: "Zoe Lenz" })] }));
    expect(texts("card-others")[0]).toBe("2 others share this number: Anna Lenz, Zoe Lenz");
    window.dispatchEvent(new KeyboardEvent("keydown", { key: "w" }));
    flushSync();
    expect([...document.querySelectorAll("[data-testid=card-why] li .muted")].map((it) => it.textContent)).toEqual(["Mobile number", "Mobile number"]);
    document.querySelector<HTMLElement>("[data-testid=card-why] button")?.click();
    expect(asked).toContainEqual({ type: "pin_contact", number: "+4922166966966", contact: "x" });
  });

  it("is a strip where the app says so", () => {
    show(card("a", CALLERS[0], { manner: "strip" }));
    expect(all("card")[0]?.dataset["manner"]).toBe("strip");
    expect(all("card")[0]?.textContent).not.toContain("Missed");
    show({ ...card("a", CALLERS[0], { manner: "strip" }), leg: { ...card("a").leg, phase: "ended", ended_at: Date.now(), outcome: "missed" } });
    expect(all("card")[0]?.textContent).toContain("Missed · Orthopädie Lenz");
  });

  it("is announced", () => {
    show(card("a"));
    expect(texts("card-announce")[0]).toBe("Incoming call: Dr. Miriam Lenz, Orthopädie Lenz, Köln, +49 221 66966966");
    show({ ...card("a"), leg: { ...card("a").leg, phase: "connected", answered_at: Date.now() } });
    expect(texts("card-announce")[0]).toMatch(/^Talking: Dr\. Miriam Lenz/);
    say({ seq: ++seq, type: "card_gone", id: card("a").id });
    expect(texts("card-announce")[0]).toBe("");
  });
});

describe("a note", () => {
  const field = () => document.querySelector<HTMLTextAreaElement>("[data-testid=card-note]")!;
  const type = (text: string) => {
    field().value = text;
    field().dispatchEvent(new Event("input", { bubbles: true }));
    flushSync();
  };
  const sent = () => asked.flatMap((it) => (it.type === "card_note" ? [it.note] : []));

  it("is open with what is there, by one key", () => {
    show(card("a", CALLERS[0], { note: "wants an offer" }));
    expect(field().value).toBe("wants an offer");
    press("n");
    expect(document.activeElement).toBe(field());
    field().dispatchEvent(new KeyboardEvent("keydown", { key: "w", bubbles: true }));
    flushSync();
    expect(all("card-why")).toHaveLength(0);
  });

  it("takes no text before it is known what is there", () => {
    show(card("a", CALLERS[0], { note: null }));
    expect(field().readOnly).toBe(true);
    show(card("a", CALLERS[0], { note: "one" }));
    expect([field().readOnly, field().value]).toEqual([false, "one"]);
  });

  it("is kept with every key, the last one last, and never taken back by an older word of the app", async () => {
    show(card("a"));
    press("n");
    for (const text of ["w", "wa", "wants"]) type(text);
    await vi.waitFor(() => expect(sent().at(-1)).toBe("wants"));
    show(card("a", CALLERS[0], { note: "wa" }));
    expect(field().value).toBe("wants");
  });

  it("is sent again until the app has it, and holds its card meanwhile", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    show(card("a"));
    refused.add("card_note");
    type("half");
    await vi.waitFor(() => expect(asked).toContainEqual({ type: "hold_cards", pointer: false, keyboard: false, unsaved: [card("a").id] }));
    refused.clear();
    await vi.advanceTimersByTimeAsync(1100);
    vi.useRealTimers();
    await vi.waitFor(() => expect(asked.at(-1)).toEqual({ type: "hold_cards", pointer: false, keyboard: false, unsaved: [] }));
    expect(sent()).toEqual(["half", "half"]);
  });

  it("keeps its card whole while it is written, whoever rings", () => {
    show({ ...card("a"), leg: { ...card("a").leg, phase: "connected", answered_at: Date.now() } });
    press("n");
    const writing = field();
    show(card("b", STRANGER));
    expect(all("card").map((it) => it.dataset["manner"])).toEqual(["card", "card"]);
    expect(document.activeElement).toBe(writing);
    writing.blur();
    flushSync();
    expect(all("card").map((it) => it.dataset["manner"])).toEqual(["card", "strip"]);
  });

  it("shows on the strip of its call", () => {
    show(card("b", STRANGER));
    show({ ...card("a"), note: "offer goes out Thursday", leg: { ...card("a").leg, phase: "connected", answered_at: Date.now() } });
    expect(all("card")[1]?.textContent).toContain("“offer goes out Thursday”");
  });
});

describe("the hold", () => {
  const holds = () => asked.filter((it) => it.type === "hold_cards");

  it("follows pointer and keyboard, one word after the other, and is told only when it changes", async () => {
    const root = document.documentElement;
    const before = holds().length;
    root.dispatchEvent(new MouseEvent("mouseenter"));
    root.dispatchEvent(new MouseEvent("mouseenter"));
    window.dispatchEvent(new Event("focus"));
    root.dispatchEvent(new MouseEvent("mouseleave"));
    window.dispatchEvent(new Event("blur"));
    const told = () => holds().slice(before).map((it) => it.type === "hold_cards" && [it.pointer, it.keyboard]);
    // Requests may overtake each other: what was true in between is not sent while one is under way.
    await vi.waitFor(() => expect(told().at(-1)).toEqual([false, false]));
    expect(told().map(String)).not.toContain("true,true");
    expect(new Set(told().map(String)).size).toBe(2);
  });

  it("tells again that somebody is there, for the app forgets it", async () => {
    document.documentElement.dispatchEvent(new MouseEvent("mouseenter"));
    await vi.waitFor(() => expect(holds().filter((it) => it.type === "hold_cards" && it.pointer).length).toBeGreaterThan(1), { timeout: 8000 });
    document.documentElement.dispatchEvent(new MouseEvent("mouseleave"));
    await vi.waitFor(() => expect(holds().at(-1)).toMatchObject({ pointer: false }));
  });

  it("keeps a card whose form has something in it", async () => {
    show(card("a", STRANGER));
    press("c");
    const field = document.querySelector<HTMLInputElement>("[data-testid=contact-name]")!;
    field.value = "Pet";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    await vi.waitFor(() => expect(holds().at(-1)).toMatchObject({ unsaved: [card("a").id] }));
    all("contact-form")[0]?.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    await vi.waitFor(() => expect(holds().at(-1)).toMatchObject({ unsaved: [] }));
  });
});
