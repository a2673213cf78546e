// Agents who log in, take breaks, and now and then are not let.

import type { AgentStateView, AgentView, LineView } from "../contract.generated";
import { Refused } from "../host";

const state = (id: string, mode: AgentStateView["mode"], name: string): AgentStateView => ({ id, mode, name });

const WITH_REASONS = [
  state("1", "ready", "Login"), state("2", "logged_out", "Logout"), state("3", "break", "Lunch"), state("5", "break", "Administrative"),
  state("7", "break", "Private"), state("9", "break", "Other"), state("11", "break", "Training"), state("12", "break", "Team meeting"),
  state("13", "break", "Brief"), state("21", "other", "Walking the dog"),
];
const PLAIN = [state("READY", "ready", "Ready"), state("NOT_READY", "break", "Not ready"), state("NOT_READY:Lunch", "break", "Lunch")];

export class MockAgents {
  #states = new Map<string, AgentStateView>();

  constructor(
    private readonly lines: () => readonly LineView[],
    /** `refused`, `otherwise`, `slow`. */
    private readonly manner: string | null,
  ) {}

  states(account: string): AgentStateView[] {
    return account === "cologne" ? PLAIN : WITH_REASONS;
  }

  read(id: string): AgentView {
    const line = this.lines().find((it) => it.id === id);
    if (!line) throw new Refused({ code: "not_found", message: `The extension ${id} is not known.`, hint: "Refresh the list." });
    const { account, extension } = line;
    const known = this.#states.get(id) ?? this.states(account)[Number(extension) % 3] ?? null;
    return { line: id, account, extension, state: known, at: Date.now() };
  }

  set(id: string, wanted: string): AgentView {
    const before = this.read(id);
    if (this.manner === "refused") {
      throw new Refused({ code: "refused", message: "The service refused the request: it answered `Extension is already in use` (status 4, error 1).", hint: "Check the number or the account’s options." });
    }
    const found = this.states(before.account).find((it) => it.id === wanted);
    if (!found) throw new Refused({ code: "not_found", message: `The state ${wanted} is not known.`, hint: "" });
    if (this.manner !== "otherwise") this.#states.set(id, found);
    return this.read(id);
  }

  /** How long an answer takes, milliseconds. */
  get pause(): number {
    return this.manner === "slow" ? 6000 : 700;
  }
}
