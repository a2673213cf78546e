// A live call as the panel shows it.

import { flushSync, mount, unmount } from "svelte";
import { expect, it } from "vitest";
import { words } from "../../messages";
import { leg } from "../../model/fixtures";
import LiveCall from "./LiveCall.svelte";
import { otherManner } from "./leg-text";

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
