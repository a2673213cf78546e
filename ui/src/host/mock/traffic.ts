// Calls come and go.

import type { LineView } from "../contract.generated";
import type { Mock } from ".";
import { CALLERS } from "./people";
import { numberParty } from "./views";

export class Traffic {
  #turn = 0;

  constructor(
    private readonly mock: Mock,
    /** Changes a second. */
    private readonly rate: number,
  ) {}

  start(): void {
    const often = Math.min(this.rate, 20);
    setInterval(() => this.#step(Math.max(1, Math.round(this.rate / often))), 1000 / often);
  }

  #step(changes: number): void {
    const lines = this.mock.office.snapshot.lines;
    const changed: LineView[] = [];
    for (let i = 0; i < changes; i++) {
      const at = (this.#turn++ * 7919) % lines.length;
      const line = lines[at];
      if (!line || line.mine || line.stale_since !== null) continue;
      lines[at] = next(line, this.#turn);
      changed.push(lines[at]);
    }
    if (changed.length > 0) this.mock.say({ type: "lines", lines: changed });
  }
}

function next(line: LineView, turn: number): LineView {
  const now = Date.now();
  if (line.line === "idle") {
    return { ...line, line: "ringing", at: now, peer: numberParty(CALLERS[turn % CALLERS.length]!), peer_since: now, peer_phase: "ringing" };
  }
  if (line.line === "ringing") return { ...line, line: "busy", at: now, peer_since: now, peer_phase: "connected" };
  return { ...line, line: "idle", at: now, peer: null, peer_since: null, peer_phase: null };
}
