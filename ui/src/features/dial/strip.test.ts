// What the strip says of a dial that came to nothing.

import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { DialView } from "../../host/contract.generated";
import { words } from "../../messages";
import { app } from "../../model/app.svelte";
import { NUMBER, TestHost, line, snapshot } from "../../model/fixtures";
import DialStrip from "./DialStrip.svelte";
import { placing } from "./placing.svelte";

let shown: Record<string, unknown> | undefined;

beforeEach(() => void words.choose("en"));

afterEach(async () => {
  if (shown) await unmount(shown);
  placing.undo();
  document.body.textContent = "";
});

async function strip(more: Partial<DialView>): Promise<string> {
  const dial: DialView = { intent: "i", account: "office", from: "office/31", to: { ...NUMBER, name: "Amira Haddad" }, state: "failed", call: null, started_at: Date.now(), problem: null, ...more };
  const before = app.snapshots;
  app.start(new TestHost(() => snapshot([], 0, { dials: [dial] }), () => ({ type: "done" })));
  await vi.waitFor(() => expect(app.snapshots).toBeGreaterThan(before));
  shown = mount(DialStrip, { target: document.body });
  flushSync();
  return document.querySelector("[data-testid=dial]")?.textContent ?? "";
}

it("says that the call was not placed, and promises no further try", async () => {
  const text = await strip({ problem: { code: "unreachable", message: "no answer", hint: "" } });
  expect(text).toContain("Call not placed");
  expect(text).not.toContain("automatically");
  document.querySelector<HTMLElement>("[data-testid=dial-again]")?.click();
  flushSync();
  expect(placing.waiting).toMatchObject({ title: "Amira Haddad", text: NUMBER.dial, from: "office/31" });
  expect(document.querySelector("[data-testid=dial]")).toBeNull();
});

it("says of a call that was placed and failed that it failed", async () => {
  const text = await strip({});
  expect(text).toContain("Call failed");
  expect(text).not.toContain("not placed");
});

it("offers no second try where nobody knows what came of the first", async () => {
  const text = await strip({ state: "unknown", problem: { code: "unconfirmed", message: "lost", hint: "" } });
  expect(text).toContain("Check your phone before you dial again.");
  expect(document.querySelector("[data-testid=dial-again]")).toBeNull();
});

it("says before it rings that the colleague is on a call", async () => {
  const before = app.snapshots;
  app.start(new TestHost(() => snapshot([line("12", { line: "busy" }), line("13")], 0), () => ({ type: "done" })));
  await vi.waitFor(() => expect(app.snapshots).toBeGreaterThan(before));
  shown = mount(DialStrip, { target: document.body });
  const hindrance = (extension: string) => {
    placing.begin({ title: extension, text: extension, account: null, from: null, line: `office/${extension}` });
    flushSync();
    return document.querySelector("[data-testid=dial-hindered]")?.textContent ?? null;
  };
  expect([hindrance("12"), hindrance("13")]).toEqual(["Already on a call", null]);
});
