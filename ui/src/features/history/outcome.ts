// The outcome of a call: a word and a drawing.

import type { HistoryRow, HistoryWas } from "../../host/contract.generated";
import { t, words } from "../../messages";
import { partyTitle } from "../../model/party";
import { claimant } from "../../model/worklist.svelte";
import { fullTime, roughly } from "../../shared/time";
import type { IconName } from "../../shared/icons";

export function outcomeIcon(row: Pick<HistoryRow, "outcome" | "direction">): IconName {
  switch (row.outcome) {
    case "answered":
      return row.direction === "outbound" ? "outgoing" : "incoming";
    case "answered_elsewhere":
      return "elsewhere";
    case "missed":
      return row.direction === "outbound" ? "outgoing" : "missed";
    case "busy":
    case "rejected":
      return "blocked";
    case "cancelled":
      return "close";
    case "failed":
      return "warning";
    case "unknown":
      return "question";
    case null:
      return "phone";
  }
}

export function outcomeWord(row: Pick<HistoryRow, "outcome" | "direction">): string {
  if (row.outcome === null) return t("outcome.going_on");
  if (row.outcome === "missed" && row.direction === "outbound") return t("outcome.no_answer");
  return t(`outcome.${row.outcome}`);
}

/** Nobody saw it live: the service's own record brought it. */
export const isFromJournal = (row: Pick<HistoryRow, "sources">): boolean => !row.sources.includes("live");

/** What the row said before the service's record corrected it. */
export function wasText(row: Pick<HistoryRow, "was" | "direction">): string {
  return row.was ? t("history.was", { outcome: outcomeWord({ outcome: row.was.outcome, direction: row.direction }) }) : "";
}

export function wasTitle(was: HistoryWas): string {
  return t(`history.was_by.${was.by}`, { time: fullTime(was.at, words.language.tag) });
}

/** Who calls back, in a sentence and in a word; `null` of a call nobody claimed. */
export function claimText(row: HistoryRow): { text: string; word: string; mine: boolean } | null {
  const claim = claimant(row);
  if (!claim) return null;
  if (claim.mine) return { text: t("callback.by_you"), word: t("callback.claimed_by_you"), mine: true };
  const text = claim.by ? t("callback.by", { who: claim.by }) : t("callback.by_someone");
  return { text, word: t("callback.claimed"), mine: false };
}

/** Whether it needs the eye: somebody was not reached. */
export const isBad = (row: HistoryRow): boolean =>
  row.callback?.state !== "claimed" && (row.outcome === "failed" || (row.outcome === "missed" && row.direction !== "outbound"));

export function rowTitle(row: HistoryRow): string {
  return partyTitle(row.remote, { withheld: t("party.withheld"), unstated: t("party.unstated") });
}

/** One line about a row: who called whom, how long, and what was noted. */
export function rowSummary(row: HistoryRow): string {
  const parts: string[] = [];
  const outbound = row.direction === "outbound";
  const who = row.extension_name || row.extension;
  if (row.remote.name && row.remote.company) parts.push(row.remote.company);
  if (outbound) {
    if (row.mine) parts.push(t("history.you_called"));
    else if (who) parts.push(t("history.who_called", { who }));
  } else if (row.outcome === "answered" || row.outcome === null) {
    if (row.mine) parts.push(t("history.you_took"));
    else if (who) parts.push(t("history.took", { who }));
  }
  if (row.outcome === "answered_elsewhere" && !outbound) parts.push(t("history.took_elsewhere", { who: takenBy(row) }));
  if (row.talk_s !== null && row.talk_s > 0) parts.push(roughly(row.talk_s));
  else if (row.ring_s !== null && row.outcome === "missed") parts.push(t("history.rang", { time: roughly(row.ring_s) }));
  if (row.note) parts.push(t("history.quoted", { note: row.note }));
  return parts.join(" · ");
}

function takenBy(row: HistoryRow): string {
  const leg = row.legs.find((it) => it.outcome === "answered");
  return leg ? leg.extension_name || leg.extension : t("history.someone");
}
