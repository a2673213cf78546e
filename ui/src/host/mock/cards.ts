// Cards of every kind, for looking at: `?card=withheld`, `unknown`, `internal`, `outbound`, `missed`, `ended`, `strip`,
// `long`, `hostile`.

import type { CardView, LineView } from "../contract.generated";
import { CALLERS, type Caller, STRANGER } from "./people";
import { WITHHELD, cardView, extensionParty, legView, numberParty } from "./views";

const HOSTILE: Caller = {
  name: "\u202eevil\u202c <b>Dr.</b> Zalgo Z\u0336\u0321\u0321a\u0335l\u0337g\u0334o\nsecond line &amp; {name} 👩🏽‍🚀",
  company: "<img src=x onerror=alert(1)> ".repeat(6),
  e164: "+493012345678",
  number: "+49 30 12345678",
  region: "DE",
};

const LONG: Caller = {
  name: "Anneliese von Hohenstein-Wittgenbach zu Dinkelsbühl",
  company: "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft Oberösterreich mbH & Co. KG",
  e164: "+437321234567890",
  number: "+43 732 1234567890",
  region: "AT",
  vip: true,
  note: "prefers to be called back before noon, and never on the mobile number that stands in the old list",
};

export function wishedCard(kind: string, mine: LineView, colleague: LineView, now: number): CardView {
  const caller = kind === "hostile" ? HOSTILE : kind === "long" ? LONG : kind === "unknown" ? STRANGER : CALLERS[0]!;
  const known = kind === "withheld" ? WITHHELD : kind === "internal" ? extensionParty(colleague) : numberParty(caller);
  const leg = legView(mine, known, now - 6000, { call: `wish-${kind}` });
  if (kind === "outbound") Object.assign(leg, { direction: "outbound", phase: "dialing" });
  if (kind === "ended") Object.assign(leg, { phase: "ended", answered_at: now - 200_000, ended_at: now - 4000, outcome: "answered" });
  if (kind === "missed") Object.assign(leg, { phase: "ended", ended_at: now - 4000, outcome: "missed" });
  const card = cardView(leg, kind === "withheld" || kind === "internal" ? null : caller, now);
  if (kind === "strip") card.manner = "strip";
  if (kind === "internal") card.facts = [];
  return card;
}
