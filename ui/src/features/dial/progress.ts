// A dial's steps in words, and how much they weigh.

import type { DialState, DialView } from "../../host/contract.generated";
import type { LampShape } from "../../shared/Lamp.svelte";

const ENDED: ReadonlySet<DialState> = new Set<DialState>([
  "handed_over",
  "no_answer",
  "busy",
  "rejected",
  "cancelled",
  "failed",
  "unknown",
]);
const BAD: ReadonlySet<DialState> = new Set<DialState>(["failed", "unknown"]);

/** It has its named end. `connected` is one too: from there on it is a call. */
export const isOver = (state: DialState): boolean => ENDED.has(state) || state === "connected";
export const isBad = (state: DialState): boolean => BAD.has(state);

export function dialShape(state: DialState): LampShape {
  if (state === "connected") return "bar";
  if (state === "checking" || state === "unknown") return "dotted";
  if (state === "failed" || ENDED.has(state)) return "dash";
  // One's own telephone rings, to be picked up.
  return state === "caller_ringing" ? "pulse" : "target";
}

/** Those still to be shown: under way, or ended within the time they are left standing. The last one that failed stays
 * until it is closed: what offers another try must not go from under the pointer. */
export function shownDials(dials: readonly DialView[], endedAt: ReadonlyMap<string, number>, now: number): DialView[] {
  return dials.filter((dial) => {
    if (!isOver(dial.state)) return true;
    const at = endedAt.get(dial.intent);
    if (dial.state === "failed" && dials.every((other) => other.started_at <= dial.started_at)) return at !== undefined && at > 0;
    return at !== undefined && now - at < (isBad(dial.state) || dial.problem ? 20_000 : 5_000);
  });
}
