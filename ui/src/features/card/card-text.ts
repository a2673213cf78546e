// A card in words.

import type { CardView, Fact, HitView, PartyView } from "../../host/contract.generated";
import { t, words } from "../../messages/card";
import { duration, roughly } from "../../shared/time";
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
  if (remote.kind === "withheld") return { title: t("card.withheld"), number: false, under: t("card.withheld_text") };
  const name = best?.name || remote.name;
  const company = best?.company || remote.company || "";
  if (name) return { title: name, number: false, under: company || (remote.kind === "extension" ? t("card.internal") : "") };
  if (company) return { title: company, number: false, under: "" };
  if (!remote.number) return { title: t("card.unstated"), number: false, under: t("card.unknown") };
  const under = remote.region ? t("card.unknown_in", { place: regionName(remote.region) }) : t("card.unknown");
  return { title: remote.number, number: true, under };
}

export function phaseText({ leg }: CardView): string {
  if (leg.phase === "ended") return leg.outcome ? t(`card.outcome.${leg.outcome}`) : t("card.phase.ended");
  if (leg.phase === "ringing" && leg.direction === "outbound") return t("card.phase.dialing");
  return t(`card.phase.${leg.phase}`);
}

/** The time beside the lamp: how long it rings, or how long one talks. */
export function ageText({ leg }: CardView, now: () => number): string {
  const begun = leg.answered_at ?? leg.started_at;
  return duration((leg.ended_at ?? now()) - begun);
}

/** Which of our numbers it is about, and whose line. */
export function calledText({ leg }: CardView): string {
  const ours = leg.our_number ? partyWords(leg.our_number) : "";
  const line = leg.extension_name
    ? t("card.line", { name: leg.extension_name, extension: leg.extension })
    : t("card.line_bare", { extension: leg.extension });
  const about = ours ? t(leg.direction === "outbound" ? "card.from" : "card.called", { number: ours }) : "";
  return [about, line].filter(Boolean).join(" · ");
}

function partyWords(party: PartyView): string {
  return [party.name, party.number].filter(Boolean).join(" ");
}

export interface FactText {
  lead: string;
  text: string;
}

export function factText(fact: Fact, now: number): FactText {
  const text = fact.text ?? "";
  const count = fact.count ?? 0;
  switch (fact.kind) {
    case "last_spoken": {
      const time = roughly(fact.seconds ?? 0);
      return { lead: dayOf(fact, now), text: text ? t("fact.spoken", { time, who: text }) : t("fact.spoken_bare", { time }) };
    }
    case "called_today_unanswered":
      return { lead: t("fact.called_today", { count }), text: t("fact.never_answered") };
    case "called_today":
      return { lead: t("fact.called_today", { count }), text };
    case "vip":
      return { lead: t("fact.vip"), text };
    case "last_note":
      return { lead: fact.at === null ? t("fact.note") : dayOf(fact, now), text: `“${text}”` };
    case "contact_note":
      return { lead: t("fact.contact_note"), text };
    case "open_tickets":
      return { lead: t("fact.tickets", { count }), text };
  }
}

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
export function whyText(hit: HitView): string {
  const ms = hit.took_us / 1000;
  const digits = ms < 10 ? 1 : 0;
  const time = `${new Intl.NumberFormat(words.language.tag, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(ms)}\u00a0ms`;
  return t("why.matched", {
    field: word("why.field", hit.field),
    source: sourceWord(hit.source),
    rule: word("why.rule", hit.rule),
    time,
  });
}
