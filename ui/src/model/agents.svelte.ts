// Whether agents take calls: what was last read of them, and what was asked for since.

import type { AgentStateView, AgentView, ApiError, ApiEvent, LineView } from "../host/contract.generated";
import { problemOf } from "../host/host";
import { wordFor } from "../messages";
import { clock } from "../shared/clock.svelte";
import { app } from "./app.svelte";

/** A state that was asked for and is not, or not yet, what a reading shows. */
export interface Asked {
  state: AgentStateView;
  /** `asked`: on its way. `otherwise`: taken, and a reading shows another state. `refused`: see `problem`. */
  result: "asked" | "otherwise" | "refused";
  problem: ApiError | null;
}

/** A reading is taken anew once somebody looks at the window and it is older, milliseconds. */
const OLD = 60_000;

class Agents {
  /** By line. */
  readings = $state.raw<ReadonlyMap<string, AgentView>>(new Map());
  /** Why a line's agent could not be read. */
  troubles = $state.raw<ReadonlyMap<string, ApiError>>(new Map());
  asked = $state.raw<ReadonlyMap<string, Asked>>(new Map());
  /** The states to choose from, by account, in the service's order. */
  offered = $state.raw<ReadonlyMap<string, readonly AgentStateView[]>>(new Map());

  start(): () => void {
    const again = () => {
      if (!document.hidden) void this.readMine(OLD);
    };
    window.addEventListener("focus", again);
    const deaf = app.listen((event) => this.#hear(event));
    return () => {
      window.removeEventListener("focus", again);
      deaf();
    };
  }

  /** Whether the agent at this line can be logged in and out. */
  has(line: LineView): boolean {
    return app.account(line.account)?.capabilities.includes("agent_state") ?? false;
  }

  /** Reads those of my own lines whose reading is older than that, milliseconds. */
  async readMine(older: number): Promise<void> {
    const due = (line: LineView) => clock.read() - (this.readings.get(line.id)?.at ?? 0) >= older;
    await Promise.all(app.myLines.filter((line) => this.has(line) && due(line)).map((line) => this.read(line.id)));
  }

  async read(line: string): Promise<void> {
    try {
      this.#took((await app.ask({ type: "agent", line }, "agent")).agent);
    } catch (error) {
      this.troubles = new Map(this.troubles).set(line, problemOf(error));
    }
  }

  /** Reads the states to choose from. Rejects when they cannot be had. */
  async offer(account: string): Promise<void> {
    const { states } = await app.ask({ type: "agent_states", account }, "agent_states");
    this.offered = new Map(this.offered).set(account, states);
  }

  /** Asks for a state once; one that is on its way is waited for. Returns whether a reading shows it. */
  async set(line: string, state: AgentStateView): Promise<boolean> {
    if (this.asked.get(line)?.result === "asked") return false;
    this.#ask(line, { state, result: "asked", problem: null });
    try {
      const { agent } = await app.ask({ type: "set_agent", line, state: state.id }, "agent");
      this.#took(agent);
      const there = agent.state?.id === state.id;
      this.#ask(line, there ? null : { state, result: "otherwise", problem: null });
      return there;
    } catch (error) {
      this.#ask(line, { state, result: "refused", problem: problemOf(error) });
      void this.read(line);
      return false;
    }
  }

  #ask(line: string, asked: Asked | null): void {
    const all = new Map(this.asked);
    if (asked) all.set(line, asked);
    else all.delete(line);
    this.asked = all;
  }

  #took(agent: AgentView): void {
    this.readings = new Map(this.readings).set(agent.line, agent);
    if (!this.troubles.has(agent.line)) return;
    const troubles = new Map(this.troubles);
    troubles.delete(agent.line);
    this.troubles = troubles;
  }

  #hear(event: ApiEvent): void {
    if (event.type !== "agent") return;
    this.#took(event.agent);
    const asked = this.asked.get(event.agent.line);
    // What was asked for came after all: nothing is left to say of it.
    if (asked && asked.result !== "asked" && asked.state.id === event.agent.state?.id) this.#ask(event.agent.line, null);
  }
}

export const agents = new Agents();

/** A state in words: the service's own, in the user's language where they are well known. */
export function agentWord(state: AgentStateView): string {
  const name = state.name.trim();
  if (!name) return wordFor("agent", state.mode);
  return wordFor("agent.name", name.toLowerCase().replace(/[\s-]+/g, "_"), name);
}
