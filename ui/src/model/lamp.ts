// Which lamp a line shows, and the words beside it.

import type { LinkPhase, LineView } from "../host/contract.generated";
import type { LampShape } from "../shared/Lamp.svelte";

export type LampKind = "free" | "ringing" | "busy" | "dnd" | "away" | "occupied" | "offline" | "unknown";

export const SHAPES: Record<LampKind, LampShape> = {
  free: "ring",
  ringing: "pulse",
  busy: "bar",
  dnd: "barred",
  away: "crescent",
  occupied: "crescent",
  offline: "dash",
  unknown: "dotted",
};

/** The lamp of a line. A state that nobody vouches for is unknown, whatever it was. */
export function lampOf(line: LineView): LampKind {
  return line.stale_since !== null ? "unknown" : lastLampOf(line);
}

/** The last known lamp, however old. What the telephone does comes before what its owner set. */
export function lastLampOf(line: LineView): LampKind {
  if (line.line === "ringing") return "ringing";
  if (line.line === "busy") return "busy";
  if (line.line === "offline") return "offline";
  if (line.line !== "idle") return "unknown";
  if (line.presence === "dnd") return "dnd";
  if (line.presence === "away") return "away";
  if (line.presence === "busy") return "occupied";
  return "free";
}

export const LINK_SHAPES: Record<LinkPhase, LampShape> = {
  online: "ring",
  connecting: "dotted",
  degraded: "crescent",
  offline: "dotted",
};
