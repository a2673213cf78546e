// The field that is searched with.

import { flushSync, mount, unmount } from "svelte";
import { afterEach, expect, it, vi } from "vitest";
import Search from "./Search.svelte";

let shown: Record<string, unknown> | undefined;

afterEach(async () => {
  if (shown) await unmount(shown);
  document.body.textContent = "";
});

function open(value: string) {
  const oninput = vi.fn();
  const onkeydown = vi.fn();
  shown = mount(Search, { target: document.body, props: { value, label: "Search", placeholder: "", clearLabel: "Clear", oninput, onkeydown } });
  flushSync();
  const field = document.querySelector("input")!;
  const press = (key: string) => field.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  return { oninput, onkeydown, field, press };
}

it("is emptied by Escape and by its cross, which gives the keyboard back to it", () => {
  const { oninput, onkeydown, field, press } = open("lenz");
  press("Escape");
  expect(oninput).toHaveBeenLastCalledWith("");
  expect(onkeydown).not.toHaveBeenCalled();
  document.querySelector("button")!.click();
  expect(oninput).toHaveBeenCalledTimes(2);
  expect(document.activeElement).toBe(field);
});

it("leaves other keys, and Escape when it is empty, to its page", () => {
  const { oninput, onkeydown, press } = open("");
  expect(document.querySelector("button")).toBeNull();
  press("Escape");
  press("ArrowDown");
  expect(onkeydown).toHaveBeenCalledTimes(2);
  expect(oninput).not.toHaveBeenCalled();
});
