// Where a dialog leads the keyboard.

import { createRawSnippet, flushSync, mount, unmount } from "svelte";
import { afterEach, expect, it, vi } from "vitest";
import Dialog from "./Dialog.svelte";

let shown: Record<string, unknown> | undefined;

afterEach(async () => {
  if (shown) await unmount(shown);
  document.body.textContent = "";
});

const onclose = vi.fn();

function open(body: string, footer?: string, more: object = {}): Element | null {
  onclose.mockClear();
  const snippet = (html: string) => createRawSnippet(() => ({ render: () => html }));
  const props = { title: "Title", closeLabel: "Close", onclose, children: snippet(body), footer: footer ? snippet(footer) : undefined, ...more };
  shown = mount(Dialog, { target: document.body, props });
  flushSync();
  return document.activeElement;
}

it("leads into the first field", () => {
  expect(open('<p><input id="field" /></p>', "<button>Cancel</button>")?.id).toBe("field");
});

it("leads to the first way out where there is nothing to fill in, never to the cross", () => {
  expect(open("<p>Remove it?</p>", '<button id="cancel">Cancel</button>')?.id).toBe("cancel");
});

it("holds the keyboard itself while it has nothing yet", () => {
  expect(open("<p>Reading</p>")?.className).toContain("sheet");
});

const discard = { question: "Discard what you typed?", keep: "Keep editing", drop: "Discard" };

function type(id: string, text: string): void {
  const field = document.getElementById(id) as HTMLInputElement;
  field.value = text;
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

const dialog = () => document.querySelector("dialog")!;
const outside = () => dialog().dispatchEvent(new MouseEvent("mousedown", { bubbles: true }));
const escape = () => {
  dialog().dispatchEvent(new Event("cancel", { cancelable: true }));
  flushSync();
};
const press = (testid: string) => {
  document.querySelector<HTMLElement>(`[data-testid=${testid}]`)!.click();
  flushSync();
};
const asking = () => document.querySelector("[data-testid=discard]") !== null;

it("loses nothing that was typed: a click outside does nothing, and closing asks", () => {
  open('<p><input id="user" /><input id="find" type="search" /></p>', undefined, { discard });
  type("find", "31");
  type("user", "K7001");
  outside();
  expect(onclose).not.toHaveBeenCalled();
  escape();
  expect([asking(), onclose.mock.calls.length]).toEqual([true, 0]);
  press("discard-keep");
  expect([asking(), onclose.mock.calls.length]).toEqual([false, 0]);
  document.querySelector<HTMLElement>("header button")!.click();
  flushSync();
  press("discard-drop");
  expect(onclose).toHaveBeenCalledTimes(1);
});

it("asks also for what an earlier step took away, and not once all was emptied again", () => {
  open('<p><input id="user" /></p>', undefined, { discard });
  type("user", "K7001");
  type("user", " ");
  escape();
  expect(onclose).toHaveBeenCalledTimes(1);
  type("user", "K7001");
  document.getElementById("user")!.remove();
  escape();
  expect([asking(), onclose.mock.calls.length]).toEqual([true, 1]);
});

it("closes at once where nothing was typed, or a search or a choice alone", () => {
  open('<p><input id="find" type="search" /><input id="yes" type="checkbox" /></p>', undefined, { discard });
  type("find", "31");
  document.getElementById("yes")!.dispatchEvent(new InputEvent("input", { bubbles: true }));
  outside();
  expect(onclose).toHaveBeenCalledTimes(1);
});
