// A list that stands still under the pointer.

import { flushSync } from "svelte";
import { expect, it } from "vitest";
import { Held, keepHeights, standing } from "./hold.svelte";
import { newLines } from "./tips";
import { sameKeys } from "./keys";

const row = (id: number, text = "") => ({ id, text });
const ids = (rows: readonly { id: number }[]) => rows.map((it) => it.id);
const last = new Map([1, 2, 3, 4].map((id) => [id, row(id, "last")]));

it("keeps every row where it was, whatever comes in between, goes, or changes", () => {
  const now = standing([3, 2, 1], [row(5), row(4), row(3, "new"), row(1)], (it) => it.id, last);
  expect(ids(now.rows)).toEqual([3, 2, 1]);
  expect(now.rows[0]?.text).toBe("new");
  expect([...now.gone]).toEqual([2]);
  expect(now.waiting).toBe(2);
});

it("shows at once what is added at the end, for that moves nobody", () => {
  expect(ids(standing([3, 2], [row(3), row(2), row(1)], (it) => it.id, last).rows)).toEqual([3, 2, 1]);
  expect(standing([3, 2], [row(3), row(2), row(1)], (it) => it.id, last, false), "with something below it").toMatchObject({ rows: [row(3), row(2)], waiting: 1 });
  expect(ids(standing([], [row(1)], (it) => it.id, last).rows)).toEqual([1]);
});

it("holds while the pointer or the keyboard is there, and shows the rest when asked or left", () => {
  let live = $state.raw([row(1)]);
  const stop = $effect.root(() => {
    const held = new Held(() => live, (it) => it.id);
    const list = document.createElement("ul");
    document.body.append(list);
    const leave = held.area(list);
    const over = (element: Element) => element.dispatchEvent(new Event("pointerover", { bubbles: true }));
    live = [row(2), row(1)];
    flushSync();
    expect(ids(held.rows)).toEqual([2, 1]);
    over(list);
    live = [row(4), row(3), row(1)];
    flushSync();
    expect([ids(held.rows), held.waiting, held.isGone(row(2))]).toEqual([[2, 1], 2, true]);
    held.renew();
    flushSync();
    expect([ids(held.rows), held.waiting]).toEqual([[4, 3, 1], 0]);
    live = [row(5), row(4), row(3), row(1)];
    // What was under the pointer is gone, and with it the word that the pointer left.
    list.textContent = "";
    over(document.body);
    flushSync();
    expect([ids(held.rows), held.waiting]).toEqual([[5, 4, 3, 1], 0]);
    leave();
  });
  stop();
});

it("shows at once what comes into an empty list, and holds from there on", () => {
  let live = $state.raw<{ id: number; text: string }[]>([]);
  const stop = $effect.root(() => {
    const held = new Held(() => live, (it) => it.id, false);
    const list = document.createElement("ul");
    document.body.append(list);
    const leave = held.area(list);
    list.dispatchEvent(new Event("pointerover", { bubbles: true }));
    live = [row(1)];
    flushSync();
    expect([ids(held.rows), held.waiting]).toEqual([[1], 0]);
    live = [row(2), row(1)];
    flushSync();
    expect([ids(held.rows), held.waiting]).toEqual([[1], 1]);
    leave();
  });
  stop();
});

it("keeps the height of its parts while the pointer is there", () => {
  const panel = document.createElement("div");
  panel.innerHTML = "<section></section>";
  document.body.append(panel);
  const section = panel.querySelector("section")!;
  section.getBoundingClientRect = () => ({ height: 80 }) as DOMRect;
  const leave = keepHeights(panel, "section");
  section.dispatchEvent(new Event("pointerover", { bubbles: true }));
  expect(section.style.minBlockSize).toBe("80px");
  document.body.dispatchEvent(new Event("pointerover", { bubbles: true }));
  expect(section.style.minBlockSize).toBe("");
  leave();
});

it("a tooltip says only what cannot be read already", () => {
  const button = document.createElement("button");
  button.textContent = "Anna  Berger 31 Free";
  expect(newLines(button, "Anna Berger\nFree")).toBe("");
  expect(newLines(button, "Anna Berger\nSales")).toBe("Sales");
  button.textContent = "";
  expect(newLines(button, "Close")).toBe("Close");
});

it("a combination is the same in any order, case and language of a file", () => {
  expect(sameKeys("Ctrl+Alt+D", "strg+Alt+d")).toBe(true);
  expect(sameKeys("Alt+Ctrl+D", "Ctrl+Alt+D")).toBe(true);
  expect(sameKeys("Ctrl+Alt+D", "Ctrl+Alt+P")).toBe(false);
  expect(sameKeys("", "")).toBe(false);
});
