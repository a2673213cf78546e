// How the other side of a call is called.

import type { PartyView } from "../host/contract.generated";

export interface PartyWords {
  withheld: string;
  unstated: string;
}

/** The name, else the company, else the number, else why there is none. */
export function partyTitle(party: PartyView, words: PartyWords): string {
  return party.name || party.company || party.number || (party.kind === "withheld" ? words.withheld : words.unstated);
}

/** What stands under the title: the company and the number, as far as the title has not said them. */
export function partyDetail(party: PartyView): string[] {
  return [party.name ? party.company : null, party.name || party.company ? party.number : null].filter(
    (part): part is string => Boolean(part),
  );
}

/** A number that nobody has a name for. */
export function isStranger(party: PartyView): boolean {
  return party.kind === "number" && party.dial !== null && !party.name && !party.company;
}

/** Whether a text is a number, and so keeps its direction. */
export function isNumber(text: string): boolean {
  return /^[+*#\d][\d\s().*#/-]*$/.test(text);
}

/** Whether there is anybody to call: somebody whom a service lists is called by the line, whatever the id looks like. */
export const canCall = (party: PartyView): boolean => party.dial !== null || party.kind === "extension";
