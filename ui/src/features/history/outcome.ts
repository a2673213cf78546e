// The outcome of a call: a word and a drawing.

import type { HistoryRow, HistoryWas } from "../../host/contract.generated";
import { t, words } from "../../messages";
import { partyTitle } from "../../model/party";
import { claimant, worklist } from "../../model/worklist.svelte";
import { fullTime, roughly } from "../../shared/time";
import { clock } from "../../shared/clock.svelte";
import type { IconName } from "../../shared/icons";
import { brief } from "../../shared/when";

/** How a call or a leg of it stands. */
export type Standing = Pick<HistoryRow, "outcome" | "direction" | "answered_at">;

/** What a call that is not over is doing. Nobody talks before somebody answered: the other side, where we called. */
export function going(row: Standing): "ringing" | "calling" | "talking" {
  if (row.answered_at !== null) return "talking";
  return row.direction === "outbound" ? "calling" : "ringing";
}

export function outcomeIcon(row: Standing): IconName {
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
      return going(row) === "talking" ? "talk" : "bell";
  }
}

export function outcomeWord(row: Standing): string {
  if (row.outcome === null) return t(`outcome.${going(row)}`);
  if (row.outcome === "missed" && row.direction === "outbound") return t("outcome.no_answer");
  return t(`outcome.${row.outcome}`);
}

/** Nobody saw it live: the service's own record brought it. */
export const isFromJournal = (row: Pick<HistoryRow, "sources">): boolean => !row.sources.includes("live");

/** What the row said before the service's record corrected it. */
export function wasText(row: Pick<HistoryRow, "was" | "direction">): string {
  return row.was ? t("history.was", { outcome: outcomeWord({ outcome: row.was.outcome, direction: row.direction, answered_at: null }) }) : "";
}

export function wasTitle(was: HistoryWas): string {
  return t(`history.was_by.${was.by}`, { time: fullTime(was.at, words.language.tag) });
}

/** That a call was claimed, in a word, and by whom of the others; `null` of a call nobody claimed. */
export function claimText(row: HistoryRow): { word: string; by: string[] } | null {
  const claim = claimant(row);
  if (!claim) return null;
  if (claim.mine) return { word: t("callback.claimed_by_you"), by: [] };
  return { word: t("callback.claimed"), by: [claim.by ? t("callback.by", { who: claim.by }) : t("callback.by_someone")] };
}

/** How a missed call left the list: somebody was reached under its number since, or it was called done. */
export function goneWord(row: HistoryRow): string {
  const returned = ({ direction, remote, started_at, answered_at }: HistoryRow) =>
    direction === "outbound" && answered_at !== null && started_at > row.started_at && remote.dial !== null && remote.dial === row.remote.dial;
  return t(worklist.today.some(returned) ? "list.called_back" : "list.gone");
}

/** Whether it needs the eye: somebody was not reached. */
export const isBad = (row: HistoryRow): boolean =>
  (row.callback === null || row.callback.state === "open") && (row.outcome === "failed" || (row.outcome === "missed" && row.direction !== "outbound"));

export function rowTitle(row: HistoryRow): string {
  return partyTitle(row.remote, { withheld: t("party.withheld"), unstated: t("party.unstated") });
}

/** Who of us had to do with it, and how; empty where the outcome says it all. */
function ourPart(row: HistoryRow): string {
  const who = row.extension_name || row.extension;
  const goes = row.outcome === null ? going(row) : null;
  if (!row.mine && !who) return "";
  if (goes === "calling") return row.mine ? t("calls.you_are_calling") : t("calls.who_is_calling", { who });
  if (goes === "ringing") return row.mine ? t("calls.rings_you") : t("calls.rings_who", { who });
  if (row.direction === "outbound") return row.mine ? t("history.you_called") : t("history.who_called", { who });
  if (goes !== "talking" && row.outcome !== "answered") return "";
  // That it was answered stands beside it; who answered is news only of others.
  return row.mine ? "" : t("history.took", { who });
}

/** Whose line it was, for beside the summary: nobody is named twice, and I am not named. */
export function rowLine(row: HistoryRow): string {
  return row.mine || ourPart(row) ? row.extension : row.extension_name || row.extension;
}

/** One line about a row, in its parts: who called whom, how long, and what was noted. */
export function rowSummary(row: HistoryRow, before: readonly string[] = []): string[] {
  const parts: string[] = [...before];
  const outbound = row.direction === "outbound";
  if (row.remote.name && row.remote.company) parts.push(row.remote.company);
  const ours = ourPart(row);
  if (ours) parts.push(ours);
  if (row.outcome === "answered_elsewhere" && !outbound) parts.push(t("history.took_elsewhere", { who: takenBy(row) }));
  const handed = handedOn(row);
  if (handed) parts.push(roughly(handed.talk), t("history.then", { who: handed.to }));
  else if (row.talk_s !== null && row.talk_s > 0) parts.push(roughly(row.talk_s));
  else if (row.outcome === "answered" && row.answered_at !== null && row.ended_at === null) parts.push(t("history.end_unknown"));
  // Of a call that was first heard of at its end nobody knows how long it rang.
  else if (row.ring_s !== null && row.ring_s > 0 && row.outcome === "missed") parts.push(t("history.rang", { time: roughly(row.ring_s) }));
  if (row.callback?.state === "done") parts.push(t("callback.done_at", { time: brief(row.callback.at, clock.read(), words.language.tag, { today: t("day.today"), yesterday: t("day.yesterday") }) }));
  if (row.note) parts.push(t("history.quoted", { note: row.note }));
  const [first = "", ...others] = parts;
  const named = [row.remote.company, row.extension_name].some((name) => name && first.startsWith(name));
  return named || !first ? parts : [first.charAt(0).toLocaleUpperCase(words.language.tag) + first.slice(1), ...others];
}

/** How long a call was talked on here, in seconds, before it went on at another line: that talk is not mine. */
function handedOn(row: HistoryRow): { talk: number; to: string } | null {
  const here = row.legs.find((leg) => leg.extension === row.extension && leg.answered_at !== null);
  if (!here || here.answered_at === null || here.ended_at === null) return null;
  const left = here.ended_at;
  const next = row.legs.find((leg) => leg.extension !== row.extension && leg.answered_at !== null && (leg.ended_at ?? Infinity) > left + 1000);
  return next ? { talk: (left - here.answered_at) / 1000, to: next.extension_name || next.extension } : null;
}

function takenBy(row: HistoryRow): string {
  const leg = row.legs.find((it) => it.outcome === "answered");
  return leg ? leg.extension_name || leg.extension : t("history.someone");
}
