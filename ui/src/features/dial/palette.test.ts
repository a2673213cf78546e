// Whom the palette offers, and what it says while it searches.

import { expect, it, vi } from "vitest";
import type { PaletteHit, Reading, Reply } from "../../host/contract.generated";
import { app } from "../../model/app.svelte";
import { TestHost, line, snapshot } from "../../model/fixtures";
import { PaletteState } from "./palette.svelte";

const colleague = (extension: string): PaletteHit => ({ kind: "extension", title: `Line ${extension}`, detail: "", dial: extension, number: extension, line: `office/${extension}`, rule: null, not_dialled: null, vip: false, similar: false });
const problem = { code: "number_has_letters", message: "A number has no letters.", hint: "" };
const reading: Reading = { text: "", party: null, rule: null, account: null, from: null, problem, not_dialled: null };

async function paletteWith(...hits: PaletteHit[]): Promise<PaletteState> {
  const lines = [line("31", { mine: true, no_dial: "own_line" }), line("25", { no_dial: "numbers_only" }), line("22")];
  const host = new TestHost(
    () => snapshot(lines),
    (request): Reply =>
      request.type === "palette" ? { type: "palette", hits }
      : request.type === "find_numbers" ? { type: "found", numbers: [] }
      : { type: "reading", reading },
  );
  const before = app.snapshots;
  app.start(host);
  await vi.waitFor(() => expect(app.snapshots).toBeGreaterThan(before));
  await new Promise((go) => setTimeout(go, 20));
  return new PaletteState();
}

it("offers nobody themselves, and those who cannot be called last", async () => {
  const state = await paletteWith(colleague("31"), colleague("25"), colleague("22"));
  await state.open("line");
  expect(state.offers.map((offer) => [offer.dial, offer.callable])).toEqual([["22", true], ["25", false]]);
  expect(state.offer?.dial).toBe("22");
});

it("says nothing of a text whose answer is not in", async () => {
  const state = await paletteWith();
  await state.open("qwxyz");
  expect([state.searching, state.reading?.problem]).toEqual([false, problem]);
  state.type("an");
  expect(state.searching).toBe(true);
  await vi.waitFor(() => expect(state.searching).toBe(false));
});
