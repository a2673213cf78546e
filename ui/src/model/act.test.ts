// What a click asks the desktop for, and when it is said to be done.

import { beforeEach, expect, it, vi } from "vitest";
import { words } from "../messages";
import { toasts } from "../shared/toasts.svelte";
import { copyText, exportHistory } from "./act";
import { app } from "./app.svelte";
import { TestHost, snapshot } from "./fixtures";
import { EVERYTHING } from "./worklist.svelte";

let host: TestHost;

beforeEach(async () => {
  void words.choose("en");
  host = new TestHost(() => snapshot([], 0), () => ({ type: "done" }));
  app.start(host);
  await vi.waitFor(() => expect(app.ready).toBe(true));
  for (const toast of toasts.list) toasts.drop(toast.id);
});

it("an export is said to be saved with the place that the desktop named, and shown there on request", async () => {
  await exportHistory(EVERYTHING);
  const [toast] = toasts.list;
  expect([toast?.text, toast?.detail, toast?.tone]).toEqual(["Export saved", "/home/lea/calls.csv", "plain"]);
  toast?.action?.run();
  await vi.waitFor(() => expect(host.did).toEqual(["show 0"]));
});

it("an export that nobody wanted after all says nothing", async () => {
  host.desktop.exportHistory = async () => null;
  await exportHistory(EVERYTHING);
  expect(toasts.list).toEqual([]);
});

it("an export that failed says why and what to do, and never that it was saved", async () => {
  host.desktop.exportHistory = () => Promise.reject({ code: "disk_full", message: "nothing was saved: the disk is full", hint: "Free some space." });
  await exportHistory(EVERYTHING);
  expect(toasts.list.map((it) => [it.tone, it.text, it.detail])).toEqual([["bad", "Nothing was saved: the disk is full.", "Free some space, or choose another place."]]);
});

it("nothing is said to be copied that is not on the clipboard", async () => {
  expect(await copyText("+49 221 1")).toBe(true);
  expect(host.did).toEqual(["copy +49 221 1"]);
  host.desktop.copy = () => Promise.reject({ code: "not_copied", message: "the clipboard did not take the text", hint: "Try again." });
  expect(await copyText("x")).toBe(false);
  expect(toasts.list.at(-1)?.text).toBe("The clipboard did not take the text.");
});
