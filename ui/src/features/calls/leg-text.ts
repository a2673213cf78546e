// A leg in words.

import type { LegView } from "../../host/contract.generated";
import { t } from "../../messages";
import { partyTitle } from "../../model/party";
import type { LampShape } from "../../shared/Lamp.svelte";

export function legTitle(leg: LegView): string {
  return partyTitle(leg.remote, { withheld: t("party.withheld"), unstated: t("party.unstated") });
}

/** What is going on, such as `you called` or `rings Beat Zürcher`. */
export function legManner(leg: LegView): string {
  const who = leg.extension_name || leg.extension;
  if (leg.phase === "ended") return leg.outcome ? t(`outcome.${leg.outcome}`) : t("calls.over");
  if (leg.direction === "outbound") {
    if (leg.phase === "connected") return leg.mine ? t("calls.you_called") : t("calls.who_called", { who });
    if (leg.phase === "ringing") return t("calls.rings_there");
    return leg.mine ? t("calls.you_are_calling") : t("calls.who_is_calling", { who });
  }
  if (leg.phase === "connected") return leg.mine ? t("calls.called_you") : t("calls.with_who", { who });
  return leg.mine ? t("calls.rings_you") : t("calls.rings_who", { who });
}

/** The same of a leg whose line is named beside it. */
export function otherManner(leg: LegView): string {
  if (leg.phase === "connected") return t("calls.other.talks");
  return leg.phase === "ringing" && leg.direction !== "outbound" ? t("calls.other.rings") : t("calls.other.calling");
}

export function legShape(leg: LegView): LampShape {
  if (leg.unverified) return "dotted";
  if (leg.phase === "connected") return "bar";
  if (leg.phase === "ended") return "dash";
  return leg.direction === "outbound" ? "target" : "pulse";
}

/** When the time that is shown beside a leg began. */
export function legSince(leg: LegView): number {
  return leg.answered_at ?? leg.started_at;
}
