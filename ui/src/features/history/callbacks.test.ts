// Rows that call somebody, and what is done about missed calls.

import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { HistoryRow } from "../../host/contract.generated";
import { historyRow, lineView } from "../../host/mock/views";
import { words } from "../../messages";
import { app } from "../../model/app.svelte";
import { NUMBER, TestHost, snapshot } from "../../model/fixtures";
import { worklist } from "../../model/worklist.svelte";
import { menu } from "../../shared/menu.svelte";
import { toasts } from "../../shared/toasts.svelte";
import HistoryItemRow from "./HistoryItemRow.svelte";
import PanelItem from "./PanelItem.svelte";
import { markDone } from "./callback";
import { twice } from "../../shared/twice";
import { goneWord } from "./outcome";

const missed = (more: Partial<HistoryRow> = {}): HistoryRow =>
  historyRow(7, lineView("office", "31", "Lea", "House", 0), NUMBER, 0, { outcome: "missed", callback: { state: "open" }, ...more });

let host: TestHost;
let shown: Record<string, unknown> | undefined;
const oncall = vi.fn();

beforeEach(async () => {
  void words.choose("en");
  oncall.mockClear();
  host = new TestHost(() => snapshot([], 0, { user: "lea" }), () => ({ type: "done" }));
  app.start(host);
  await vi.waitFor(() => expect(app.user).toBe("lea"));
  for (const toast of toasts.list) toasts.drop(toast.id);
});

afterEach(async () => {
  twice.click(null, 0);
  if (shown) await unmount(shown);
  shown = undefined;
  document.body.textContent = "";
});

function panel(row = missed()): HTMLElement {
  shown = mount(PanelItem, { target: document.body, props: { row, work: true, oncall } });
  flushSync();
  return document.querySelector<HTMLElement>(".item")!;
}

it("a click chooses a row and dials nobody; two clicks, Enter or the handset do", () => {
  const item = panel();
  item.click();
  expect(oncall).not.toHaveBeenCalled();
  expect(document.activeElement).toBe(item);
  item.click();
  item.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
  document.querySelector<HTMLElement>("[data-testid=callback-call]")!.click();
  expect(oncall).toHaveBeenCalledTimes(3);
});

it("a row of the history is opened by a click and by the space bar, and called by Enter", () => {
  const onexpand = vi.fn();
  const props = { row: missed(), expanded: false, work: false, gone: false, onexpand, oncall, onforget: vi.fn(), writing: null, onwrite: vi.fn(), onkept: vi.fn() };
  shown = mount(HistoryItemRow, { target: document.body, props });
  flushSync();
  const main = document.querySelector<HTMLElement>(".main")!;
  main.click();
  expect([onexpand.mock.calls.length, oncall.mock.calls.length]).toEqual([1, 0]);
  const enter = new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true });
  main.dispatchEvent(enter);
  expect([enter.defaultPrevented, onexpand.mock.calls.length, oncall.mock.calls.length]).toEqual([true, 1, 1]);
});

it("what can be done about a missed call stands there in words, and none of it is a pin", () => {
  panel();
  expect([...document.querySelectorAll(".ways button")].map((it) => it.textContent?.trim())).toEqual(["I’ll call back", "Done"]);
});

it("an outcome that may still be corrected says so by a mark with words of its own", () => {
  panel(missed({ provisional: true }));
  expect(document.querySelector(".word")?.textContent?.trim()).toBe("Missed");
  expect(document.querySelector(".word [role=img]")?.getAttribute("aria-label")).toBe("The service hasn’t confirmed this yet.");
  expect(document.querySelector(".word")?.classList.contains("bad")).toBe(true);
});

it("a call that was returned says so, and is neither bad nor unconfirmed any more", async () => {
  const back = historyRow(8, lineView("office", "31", "Lea", "House", 0), NUMBER, 1000, { direction: "outbound", outcome: "answered", answered_at: 2000 });
  const row = missed({ provisional: true });
  expect(goneWord(row)).toBe("Done");
  worklist.today = [back];
  expect(goneWord(row)).toBe("Called back");
  const props = { row, expanded: false, work: true, gone: true, onexpand: vi.fn(), oncall, onforget: vi.fn(), writing: null, onwrite: vi.fn(), onkept: vi.fn() };
  shown = mount(HistoryItemRow, { target: document.body, props });
  flushSync();
  expect(document.querySelector(".word")?.textContent?.trim()).toBe("Called back");
  expect(document.querySelectorAll(".bad, [data-testid=unconfirmed]")).toHaveLength(0);
  worklist.today = [];
});

it("has a menu of its own with the call and its number", async () => {
  const item = panel();
  const event = new MouseEvent("contextmenu", { bubbles: true, cancelable: true, button: 2 });
  item.dispatchEvent(event);
  expect(event.defaultPrevented).toBe(true);
  expect(menu.open?.items.map((it) => it.label)).toEqual(["Call", "Copy number"]);
  menu.open?.items[1]?.run();
  await vi.waitFor(() => expect(host.did).toEqual([`copy ${NUMBER.number}`]));
  menu.close();
});

it.each([
  ["open", { state: "open" } as const, [false]],
  ["mine", { state: "claimed", by: "lea", at: 0 } as const, [false, true]],
])("what was marked as done by mistake is %s again", async (_, callback, claims) => {
  await markDone(missed({ callback }));
  expect(host.of("callback_done")).toHaveLength(1);
  toasts.list.at(-1)?.action?.run();
  await vi.waitFor(() => expect(host.of("claim").map((it) => it.claimed)).toEqual(claims));
});

it("what could not be marked offers nothing to take back", async () => {
  host.answer = () => Promise.reject({ code: "store_full", message: "the disk is full", hint: "" });
  await markDone(missed());
  expect(toasts.list.every((it) => it.action === null)).toBe(true);
});
