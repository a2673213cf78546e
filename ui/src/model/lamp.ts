// Which lamp a line shows, and the words beside it.

import type { LinkPhase, LineView } from "../host/contract.generated";
import type { LampShape } from "../shared/Lamp.svelte";

export type LampKind = "free" | "ringing" | "calling" | "busy" | "dnd" | "away" | "occupied" | "offline" | "unknown";

export const SHAPES: Record<LampKind, LampShape> = {
  free: "ring",
  ringing: "pulse",
  calling: "target",
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
  if (callsOut(line)) return "calling";
  if (line.line === "ringing") return "ringing";
  if (line.line === "busy") return "busy";
  if (line.line === "offline") return "offline";
  if (line.line !== "idle") return "unknown";
  if (line.presence === "dnd") return "dnd";
  if (line.presence === "away") return "away";
  if (line.presence === "busy") return "occupied";
  return "free";
}

/** A line is busy from the first digit, and its own telephone may ring first: what rings then is the other side. */
function callsOut({ line, peer_phase }: LineView): boolean {
  return (line === "ringing" && peer_phase === "dialing") || (line === "busy" && (peer_phase === "dialing" || peer_phase === "ringing"));
}

export const LINK_SHAPES: Record<LinkPhase, LampShape> = {
  online: "ring",
  connecting: "dotted",
  degraded: "crescent",
  offline: "dotted",
};
