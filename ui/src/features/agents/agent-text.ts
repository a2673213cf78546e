// An agent in words: what a reading showed, and what became of what was asked for.

import type { AgentView } from "../../host/contract.generated";
import { problemText, t, words } from "../../messages";
import { type Asked, agentWord } from "../../model/agents.svelte";
import { since } from "../../shared/when";
import type { MarkKind } from "./AgentMark.svelte";

export function markOf(reading: AgentView | undefined, asked: Asked | undefined): MarkKind {
  if (asked?.result === "asked") return "asked";
  return reading?.state?.mode ?? "unknown";
}

/** One or two words: the state asked for while it is under way, else the one that was read. */
export function stateWord(reading: AgentView | undefined, asked: Asked | undefined): string {
  if (asked?.result === "asked") return t("agent.asking", { state: agentWord(asked.state) });
  if (!reading) return t("agent.unread");
  return reading.state ? agentWord(reading.state) : t("agent.unstated");
}

/** When it was read, as people say it. */
export function readAt(reading: AgentView | undefined, now: number): string {
  if (!reading) return "";
  return t("agent.read", { time: since(reading.at, now, words.language.tag, { today: t("day.today"), yesterday: t("day.yesterday") }) });
}

/** What is to be said of the last wish; empty while it is on its way, or when it came true. */
export function wishText(reading: AgentView | undefined, asked: Asked | undefined): { message: string; hint: string } | null {
  if (!asked || asked.result === "asked") return null;
  const wanted = agentWord(asked.state);
  if (asked.result === "refused" && asked.problem) {
    const { message, hint } = problemText(asked.problem);
    return { message: t("agent.refused", { state: wanted, reason: message }), hint };
  }
  const shown = reading?.state ? agentWord(reading.state) : t("agent.unstated");
  return { message: t("agent.otherwise", { state: wanted, shown }), hint: t("agent.otherwise_hint") };
}
