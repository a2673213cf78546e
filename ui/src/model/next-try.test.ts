import { expect, it } from "vitest";
import type { LinkView } from "../host/contract.generated";
import { nextTry } from "./next-try";

const link = (phase: LinkView["phase"], next_try_at: number | null): LinkView => ({ phase, since: 0, reason: null, next_try_at });

it("counts down to the next try of an account that is offline, and of no other", () => {
  expect(nextTry(link("offline", 41_500), 1_000)).toBe("Trying again in 41\u00a0s.");
  expect(nextTry(link("offline", 41_500), 41_500)).toBe("Trying again now.");
  expect(nextTry(link("offline", 41_500), 60_000)).toBe("Trying again now.");
  expect(nextTry(link("offline", null), 1_000)).toBe("");
  expect(nextTry(link("online", 41_500), 1_000)).toBe("");
});
