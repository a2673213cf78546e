// A scenario in words. What was asked is one thing, what a fresh read showed another; neither stands for the other.

import type { ForwardingView, ScenarioView } from "../../host/contract.generated";
import { t, words } from "../../messages";
import { app } from "../../model/app.svelte";
import { since } from "../../shared/when";

export type Tone = "on" | "off" | "waiting" | "alarm";

export const dayWords = () => ({ today: t("day.today"), yesterday: t("day.yesterday") });

export function at(time: number, now: number): string {
  return since(time, now, words.language.tag, dayWords());
}

export function isOn(scenario: ScenarioView): boolean {
  return scenario.state === "active";
}

/** An intention whose end is not known yet. */
export function isPending(scenario: ScenarioView): boolean {
  const result = scenario.asked?.result;
  return result === "requested" || result === "checking";
}

/** Whether everybody should see it at the head of the window. */
export function needsBanner(scenario: ScenarioView): boolean {
  if (isOn(scenario) || scenario.drift || isPending(scenario)) return true;
  const asked = scenario.asked;
  return asked !== null && asked.active && (asked.result === "accepted_not_confirmed" || asked.result === "conflict");
}

export function toneOf(scenario: ScenarioView): Tone {
  const result = scenario.asked?.result;
  if (scenario.drift || result === "conflict" || result === "failed") return "alarm";
  if (isPending(scenario) || result === "accepted_not_confirmed") return "waiting";
  return isOn(scenario) ? "on" : "off";
}

/** The state that was last read, as a word. */
export function stateWord(scenario: ScenarioView): string {
  switch (scenario.state) {
    case "active":
    case "inactive":
    case "changing":
    case "scheduled":
      return t(`scenario.state.${scenario.state}`);
    default:
      return scenario.state_text
        ? t("scenario.state.word", { word: scenario.state_text })
        : t("scenario.state.unknown");
  }
}

/** Where a call that a scenario sends on comes to in the end, by what other scenarios that are on do with it; as people write numbers. */
export function routeOf(forwarding: ForwardingView, others: readonly ScenarioView[]): string[] {
  const next = new Map(others.filter(isOn).flatMap((it) => it.forwardings.map((onward) => [onward.from, onward] as const)));
  const route = [forwarding];
  for (let at = next.get(forwarding.to); at !== undefined && !route.some((it) => it.to === at?.to); at = next.get(at.to)) route.push(at);
  return route.map((it) => it.to_shown);
}

/** When it ends; `null` of one that is not on, and is not being switched on: there is nothing to end. */
export function endOf(scenario: ScenarioView): number | null {
  const coming = isPending(scenario) && scenario.asked?.active === true;
  return !scenario.drift && (isOn(scenario) || coming) ? scenario.ends_at : null;
}

/** How a sentence names whoever asked: `_you`, by name, or not at all. */
function whoOf(by: string): "" | "_you" | "_bare" {
  if (!by) return "_bare";
  return by === app.user ? "_you" : "";
}

/** One sentence: how far the last intention got. `null` when there is none to speak of. */
export function askedText(scenario: ScenarioView, now: number): string | null {
  const asked = scenario.asked;
  if (!asked) return null;
  const time = at(asked.result_at ?? asked.at, now);
  const who = asked.by;
  const way = asked.active ? "on" : "off";
  // Who it was is not always known; then nothing is said of it.
  const whose = whoOf(who);
  if (scenario.drift) return t(`scenario.drift${whose}.${way}`, { who, time: at(asked.at, now) });
  switch (asked.result) {
    case "requested":
      return t(`scenario.requested${whose}.${way}`, { who, time });
    case "checking":
      return t("scenario.checking");
    case "confirmed":
      return t(`scenario.confirmed${whose}.${way}`, { who, time });
    case "accepted_not_confirmed":
      return t(`scenario.accepted.${way}`, { who, time });
    case "conflict":
      return t("scenario.conflict", { time });
    case "failed":
      return t(`scenario.failed.${way}`, { who, time });
  }
}

/** What the banner says after the scenario's name. */
export function bannerText(scenario: ScenarioView, now: number): string {
  const parts: string[] = [];
  const asked = scenario.asked;
  const count = scenario.forwardings.length;
  if (scenario.drift || isPending(scenario) || asked?.result === "conflict") {
    parts.push(askedText(scenario, now) ?? "");
  } else if (isOn(scenario)) {
    parts.push(count > 0 ? t("banner.on", { count }) : t("banner.on_bare"));
    if (asked?.active && asked.result === "confirmed") {
      parts.push(t(`banner.confirmed${whoOf(asked.by)}`, { time: at(asked.result_at ?? asked.at, now), who: asked.by }));
    } else parts.push(t("banner.read", { time: at(scenario.at, now) }));
  } else parts.push(askedText(scenario, now) ?? stateWord(scenario));
  const end = endOf(scenario);
  if (end !== null) parts.push(t("banner.ends", { time: at(end, now) }));
  if (scenario.stale_since !== null) parts.push(t("banner.stale", { time: at(scenario.stale_since, now) }));
  return parts.join(" ");
}
