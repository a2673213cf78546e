// A live call as the panel shows it.

import { flushSync, mount, unmount } from "svelte";
import { expect, it, vi } from "vitest";
import type { Request } from "../../host/contract.generated";
import { historyRow } from "../../host/mock/views";
import { words } from "../../messages";
import { app } from "../../model/app.svelte";
import { NUMBER, TestHost, leg, line, snapshot } from "../../model/fixtures";
import LiveCall from "./LiveCall.svelte";
import { otherManner } from "./leg-text";
import { otherCalls } from "./others";

it("shows no running clock once it is over and nobody knows when", async () => {
  const shown = mount(LiveCall, { target: document.body, props: { leg: leg({ phase: "connected", ended_at: null }), gone: true } });
  flushSync();
  expect(document.querySelector(".age")?.textContent).toBe("");
  await unmount(shown);
});

it("says of a colleague who calls that they call, while it rings at the other side", async () => {
  await words.choose("en");
  expect(otherManner(leg({ direction: "outbound", phase: "ringing" }))).toBe("Calling");
  expect(otherManner(leg({ direction: "inbound", phase: "ringing" }))).toBe("Ringing");
});

it("takes one call for one, at however many telephones it is, and none of mine", () => {
  const at = (call: string, extension: string, more: Parameters<typeof leg>[0] = {}) =>
    leg({ id: `office/${call}/${extension}/1`, call, extension, mine: false, phase: "ringing", ...more });
  const calls = otherCalls([
    at("group", "41"),
    at("group", "42"),
    at("internal", "22"),
    at("internal", "21", { direction: "outbound" }),
    at("taken", "43"),
    at("taken", "44", { phase: "connected" }),
    at("mine", "31", { mine: true, direction: "outbound" }),
    at("mine", "45"),
  ]);
  expect(calls.map(({ id, ours }) => [id, ours.map((it) => it.extension)])).toEqual([
    ["office/group", ["41", "42"]],
    ["office/internal", ["21"]],
    ["office/taken", ["44"]],
  ]);
});

it("keeps the note of a call while it is typed, and says it once it is kept", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  const asked: Request[] = [];
  const row = historyRow(7, line("31"), NUMBER, 0, { note: "" });
  app.start(new TestHost(() => snapshot([line("31")], 0), (request) => {
    asked.push(request);
    return request.type === "call_row" ? { type: "history_row", row } : { type: "done" };
  }));
  const shown = mount(LiveCall, { target: document.body, props: { leg: leg({ mine: true, phase: "connected" }) } });
  flushSync();
  [...document.querySelectorAll<HTMLElement>("button")].find((it) => it.title === "Note")?.click();
  const field = await vi.waitFor(() => {
    const found = document.querySelector<HTMLTextAreaElement>("[data-testid=note-field]");
    expect(found).not.toBeNull();
    return found!;
  });
  field.value = "wants a refund ";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  await vi.advanceTimersByTimeAsync(700);
  const kept = () => asked.flatMap((it) => (it.type === "set_note" ? [it.note] : []));
  expect(kept()).toEqual(["wants a refund"]);
  field.value = "wants a refund today";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true }));
  await vi.waitFor(() => expect(kept(), "closed before the moment is over").toEqual(["wants a refund", "wants a refund today"]));
  flushSync();
  expect(document.querySelector("[data-testid=note-field]")).toBeNull();
  await unmount(shown);
  vi.useRealTimers();
});
