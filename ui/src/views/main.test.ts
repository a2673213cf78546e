// The window as a whole: its keys, its menus, what it says of itself.

import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { AccountView, LineView, Snapshot } from "../host/contract.generated";
import { accountView, scenarioView } from "../host/mock/views";
import { words } from "../messages";
import { app } from "../model/app.svelte";
import { TestHost, line, snapshot } from "../model/fixtures";
import { menu } from "../shared/menu.svelte";
import Main from "./Main.svelte";

// Pages are read from the disk when they are first wanted, which takes as long as the machine is busy.
vi.setConfig({ testTimeout: 30_000 });

let host: TestHost;
let shown: Record<string, unknown> | undefined;

const account = (more: Partial<AccountView> = {}): AccountView => ({ ...accountView("office", "nfon", "NFON", Date.now()), demo: false, ...more });

async function open(lines: LineView[], more: Partial<Snapshot> = {}): Promise<void> {
  host = new TestHost(
    () => snapshot(lines, 0, { accounts: [account()], ...more }),
    (request) => (request.type === "history" ? { type: "history", page: { rows: [], gaps: [], next: null, open_callbacks: 0 } } : { type: "done" }),
  );
  const before = app.snapshots;
  app.start(host);
  await vi.waitFor(() => expect(app.snapshots).toBeGreaterThan(before));
  await new Promise((go) => setTimeout(go, 5));
  shown = mount(Main, { target: document.body });
  flushSync();
}

beforeEach(() => {
  void words.choose("en");
  vi.stubGlobal("requestAnimationFrame", (run: FrameRequestCallback) => setTimeout(() => run(0), 0));
});

afterEach(async () => {
  if (shown) await unmount(shown);
  shown = undefined;
  menu.close();
  document.body.textContent = "";
  vi.unstubAllGlobals();
});

const one = (testid: string) => document.querySelector<HTMLElement>(`[data-testid="${testid}"]`);

function press(key: string, more: KeyboardEventInit = {}, on: Element = document.body): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
  on.dispatchEvent(event);
  flushSync();
  return event;
}

describe("the keyboard", () => {
  it("leads to the search of the page that is shown", async () => {
    await open([line("31")]);
    press("3", { ctrlKey: true, code: "Digit3" });
    await vi.waitFor(() => expect(one("history-search")).not.toBeNull());
    press("/");
    expect(document.activeElement).toBe(one("history-search"));
    (document.activeElement as HTMLElement).blur();
    press("f", { ctrlKey: true });
    expect(document.activeElement).toBe(one("history-search"));
  });

  it("goes to a page by Ctrl and its number, and by Alt as ever", async () => {
    await open([line("31")]);
    press("3", { ctrlKey: true, code: "Digit3" });
    expect(one("main")?.dataset["view"]).toBe("history");
    press("1", { altKey: true, code: "Digit1" });
    expect(one("main")?.dataset["view"]).toBe("board");
    press("1", { altKey: true, ctrlKey: true, code: "Digit3" });
    expect(one("main")?.dataset["view"], "both at once make a letter on some keyboards").toBe("board");
  });

  it("shows all keys by ?", async () => {
    await open([line("31")]);
    press("?", { shiftKey: true });
    await vi.waitFor(() => expect(one("key-sheet")?.textContent).toContain("Ctrl 1"), 20_000);
    expect(one("key-sheet")?.textContent).toContain("Filter by typing");
    expect(one("key-sheet")?.textContent).toContain("On the call card");
    await words.choose("de");
    flushSync();
    expect(one("key-sheet")?.textContent).toContain("Strg 1");
  });

  it("filters the board as one types, and leaves a field its keys", async () => {
    await open([line("31")]);
    press("b");
    expect(document.activeElement).toBe(one("board-filter"));
    (document.activeElement as HTMLElement).blur();
    for (const [key, more] of [["b", { ctrlKey: true }], ["F5", {}], ["Escape", {}], [" ", {}]] as const) press(key, more);
    expect(document.activeElement).not.toBe(one("board-filter"));
  });

  it("stays with the colleague it is on when others come and go, and with none rather than another", async () => {
    await open([line("31"), line("32"), line("33")]);
    const on = () => (document.activeElement as HTMLElement).dataset["tile"];
    document.querySelector<HTMLElement>("[data-tile='office/33']")!.focus();
    for (const [gone, then] of [["office/31", "office/33"], ["office/33", undefined]] as const) {
      host.say({ type: "lines_gone", ids: [gone] });
      await vi.waitFor(() => expect(document.querySelector(`[data-tile="${gone}"]`)).toBeNull());
      expect(on()).toBe(then);
    }
  });
});

describe("the second button", () => {
  const ask = (on: Element) => {
    const event = new MouseEvent("contextmenu", { bubbles: true, cancelable: true, button: 2 });
    on.dispatchEvent(event);
    flushSync();
    return event.defaultPrevented;
  };

  it("never brings the browser's menu, but where text is edited", async () => {
    await open([line("31")]);
    expect([document.body, one("rail-board")!, one("panel")!].map(ask)).toEqual([true, true, true]);
    expect(one("context-menu")).toBeNull();
    expect(ask(one("board-filter")!)).toBe(false);
  });

  it("and the menu key offer what can be done with a colleague", async () => {
    await open([line("31")]);
    const tile = document.querySelector<HTMLElement>("[data-tile]")!;
    expect(ask(tile)).toBe(true);
    expect([...document.querySelectorAll("[role=menuitem]")].map((it) => it.textContent?.trim())).toEqual(["Call", "Copy number", "Add to favourites"]);
    press("Escape", {}, document.querySelector("[role=menuitem]")!);
    expect(one("context-menu")).toBeNull();
    tile.focus();
    press("F10", { shiftKey: true }, tile);
    one("menu-star")!.click();
    expect(host.of("favourite")).toEqual([{ type: "favourite", line: "office/31", on: true }]);
  });
});

describe("the demo", () => {
  it("is said, and can be left", async () => {
    await open([line("31")], { accounts: [account({ demo: true })] });
    expect(one("demo")?.textContent).toContain("Demo");
    one("leave-demo")!.click();
    expect(host.of("end_demo")).toHaveLength(1);
  });

  it("is not said of accounts of one's own", async () => {
    await open([line("31")]);
    expect(one("demo")).toBeNull();
  });
});

describe("a board without lines", () => {
  const at = (phase: AccountView["link"]["phase"], since = Date.now()) => ({ accounts: [account({ link: { phase, since, reason: null, next_try_at: null } })] });

  it("says that it is connecting as long as lines may come", async () => {
    await open([], at("connecting"));
    expect([one("board-connecting") !== null, one("empty")]).toEqual([true, null]);
  });

  it("and for a moment after", async () => {
    await open([], at("online"));
    expect(one("board-connecting")).not.toBeNull();
  });

  it("offers to connect an account once there are none", async () => {
    await open([], at("online", Date.now() - 60_000));
    expect(one("board-connecting")).toBeNull();
    expect(one("board")?.textContent).toContain("No extensions yet");
  });

  it("names the account that cannot be reached, and tries it now", async () => {
    await open([], at("offline"));
    expect(one("board")?.textContent).toContain("office has not been connected since");
    [...one("board")!.querySelectorAll("button")].find((it) => it.textContent?.trim() === "Try now")!.click();
    expect(host.of("reconnect")).toEqual([{ type: "reconnect", id: "office" }]);
  });
});

it("one that is no longer as switched alarms once, at the foot of the window", async () => {
  const asked = { active: true, by: "Rina", at: 0, result: "confirmed" as const, result_at: 0, problem: null };
  const notice = { id: "drift", level: "warning" as const, at: 0, problem: { code: "scenario_drift", message: "a scenario changed", hint: "" } };
  await open([line("31")], { scenarios: [{ ...scenarioView("s", "Flood", [["1", "2"]], 0), asked, drift: true, ends_at: Date.now() + 3_600_000 }], notices: [notice] });
  expect(one("notice")).toBeNull();
  const banner = one("scenario-banner")!;
  expect(banner.textContent).not.toContain("Ends");
  expect(one("board")!.compareDocumentPosition(banner) & Node.DOCUMENT_POSITION_FOLLOWING, "what comes and goes moves nothing above it").toBeTruthy();
});
