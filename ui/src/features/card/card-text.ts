// A card in words.

import type { CardView, Fact, HitView, Phase } from "../../host/contract.generated";
import { t, words } from "../../messages/card";
import { clockTime, dayName, daysAgo, duration, roughly } from "../../shared/time";
import { day } from "../../shared/when";

const regions = new Map<string, Intl.DisplayNames>();

/** `Germany` for `DE`; the code itself where nobody knows it. */
export function regionName(code: string): string {
  const tag = words.language.tag;
  let names = regions.get(tag);
  if (!names) regions.set(tag, (names = new Intl.DisplayNames(tag, { type: "region", fallback: "code" })));
  try {
    return names.of(code) ?? code;
  } catch {
    return code;
  }
}

export interface Heading {
  title: string;
  /** The title is a number, and keeps its direction. */
  number: boolean;
  under: string;
}

export function heading({ best, leg }: CardView): Heading {
  const remote = leg.remote;
  if (remote.kind === "withheld") return { title: t("card.withheld"), number: false, under: "" };
  const name = best?.name || remote.name;
  const company = best?.company || remote.company || "";
  if (name) return { title: name, number: false, under: company || (remote.kind === "extension" ? t("card.internal") : "") };
  if (company) return { title: company, number: false, under: "" };
  if (!remote.number) return { title: t("card.unstated"), number: false, under: t("card.unknown") };
  const under = remote.region ? t("card.unknown_in", { place: regionName(remote.region) }) : t("card.unknown");
  return { title: remote.number, number: true, under };
}

/** The phase as it is shown: what rings at the other side is no incoming call. */
export function shownPhase({ leg }: CardView): Phase {
  return leg.phase === "ringing" && leg.direction === "outbound" ? "dialing" : leg.phase;
}

export function phaseText(card: CardView): string {
  const { leg, unverified_since } = card;
  if (unverified_since !== null) return t("card.unverified", { time: clockTime(unverified_since, words.language.tag) });
  if (leg.phase === "ended") return leg.outcome ? t(`card.outcome.${leg.outcome}`) : t("card.phase.ended");
  return t(`card.phase.${shownPhase(card)}`);
}

/** The caller rang me in vain: to be called back. */
export function isMissed({ leg }: CardView): boolean {
  return leg.phase === "ended" && leg.outcome === "missed" && leg.direction !== "outbound";
}

/** The time beside the lamp: how long it rings or one talks, when a missed call came; nothing where nobody knows. */
export function ageText(card: CardView, now: () => number): string {
  const { leg } = card;
  if (card.unverified_since !== null) return "";
  if (isMissed(card)) return clockTime(leg.started_at, words.language.tag);
  const begun = leg.answered_at ?? leg.started_at;
  if (leg.phase === "ended") return leg.ended_at === null ? "" : duration(leg.ended_at - begun);
  return duration(now() - begun);
}

/** To which of my lines, and by which of our numbers. */
export function calledText({ leg }: CardView): string {
  const line = t(leg.direction === "outbound" ? "card.from_line" : "card.to_line", { extension: leg.extension });
  const ours = leg.our_number ? leg.our_number.name || leg.our_number.number : "";
  const own = leg.our_number?.number === leg.extension || ours === leg.extension_name;
  return ours && !own ? `${line} (${ours})` : line;
}

export interface FactText {
  lead: string;
  text: string;
}

export function factText(fact: Fact, now: number, outbound = false): FactText {
  const text = fact.text ?? "";
  const count = fact.count ?? 0;
  switch (fact.kind) {
    case "last_spoken": {
      const said = t("fact.spoken", { when: whenText(fact.at ?? now, now, true) });
      const lead = fact.seconds === null ? said : `${said}, ${length(fact.seconds)}`;
      return { lead, text: text && t(/^\d+$/.test(text) ? "fact.with_extension" : "fact.with", { who: text }) };
    }
    case "last_called":
      return { lead: t("fact.last_called", { when: whenText(fact.at ?? now, now) }), text: "" };
    case "first_call":
      return { lead: t(outbound ? "fact.first_call_out" : "fact.first_call"), text: "" };
    case "called_today_unanswered":
      return { lead: t("fact.called_today_unanswered", { count }), text: "" };
    case "called_today":
      return { lead: t("fact.called_today", { count }), text };
    case "vip":
      // That it is a VIP stands beside the name.
      return { lead: t(text ? "fact.contact_note" : "fact.vip"), text };
    case "last_note":
      return { lead: fact.at === null ? t("fact.note") : dayOf(fact, now), text: t("fact.quoted", { text }) };
    case "contact_note":
      return { lead: t("fact.contact_note"), text };
    case "open_tickets":
      return { lead: t("fact.tickets", { count }), text };
  }
}

/** `today at 13:29`, `on Thursday`, or the day `bare`: of days long past the time says nothing. */
function whenText(at: number, now: number, bare = false): string {
  const tag = words.language.tag;
  const day = dayName(at, now, tag);
  if (day !== null) return bare ? day : t("fact.when.day", { day });
  const time = clockTime(at, tag);
  return t(daysAgo(at, now) === 0 ? "fact.when.today" : "fact.when.yesterday", { time });
}

/** A figure and its unit are not parted. */
const length = (seconds: number): string => roughly(seconds).replaceAll(" ", "\u00a0");

function dayOf(fact: Fact, now: number): string {
  return day(fact.at ?? now, now, words.language.tag, { today: t("fact.today"), yesterday: t("fact.yesterday") });
}

/** The catalogue's word for a code, else the source's own. */
function word(prefix: string, code: string): string {
  const key = `${prefix}.${code}`;
  return words.has(key) ? t(key) : code;
}

/** A source as people call it; an import goes by the name of its file. */
export const sourceWord = (source: string): string => word("source", source).replace(/^csv:/, "");

/** The rule behind a name, in a sentence. */
export function whyText({ field, rule, source }: HitView): string {
  const known = `why.source.${source}`;
  // A contact that was kept from a call has one number, of no kind.
  const named = { field: word("why.field", field || "phone"), source: words.has(known) ? t(known) : sourceWord(source) };
  const key = `why.matched.${rule}`;
  return words.has(key) ? t(key, named) : t("why.matched", { source: named.source, rule });
}

/** The field alone, as a label: `Work number`. */
export function fieldText({ field }: HitView): string {
  const text = word("why.field", field || "phone");
  return text.charAt(0).toLocaleUpperCase(words.language.tag) + text.slice(1);
}
