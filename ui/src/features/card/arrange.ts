// Which card is whole, which are strips, and in which order: who rings for me first and whole, whatever else goes on.

import type { CardView } from "../../host/contract.generated";

/** Strips that are shown; the rest are counted. */
const STRIPS = 3;

export interface Placed {
  card: CardView;
  whole: boolean;
}

export interface Arrangement {
  placed: Placed[];
  /** Cards that there is no room for; never one that rings while it could take another's place. */
  hidden: number;
}

/** `active`: the card that is being written on, or was opened by hand. It stays whole, and keeps its keys. */
export function arrange(list: readonly CardView[], active: string | null): Arrangement {
  const ordered = list.map((card, at) => ({ card, at }));
  ordered.sort((a, b) => compare(order(a.card), order(b.card)) || a.at - b.at);
  const cards = ordered.map(({ card }) => card);
  const first = cards[0];
  const chosen = cards.find((card) => card.id === active && card !== first);
  const rest = cards.filter((card) => card !== first && card !== chosen);
  const whole = [first, chosen].filter((card) => card !== undefined);
  const placed = [
    ...whole.map((card) => ({ card, whole: card.manner === "card" })),
    ...rest.slice(0, STRIPS).map((card) => ({ card, whole: false })),
  ];
  return { placed, hidden: cards.length - placed.length };
}

/** Smaller comes first. */
function order({ leg }: CardView): number[] {
  const begun = leg.started_at;
  const ringing = leg.phase === "ringing" || leg.phase === "dialing";
  if (ringing && leg.direction !== "outbound") return [0, leg.class === "vip" ? 0 : 1, begun];
  if (ringing) return [1, 0, begun];
  if (leg.phase === "connected") return [2, 0, -(leg.answered_at ?? begun)];
  return [3, 0, -(leg.ended_at ?? begun)];
}

function compare(a: number[], b: number[]): number {
  for (let i = 0; i < a.length; i++) {
    const by = (a[i] ?? 0) - (b[i] ?? 0);
    if (by !== 0) return by;
  }
  return 0;
}

/** The same as long as nothing that can be pressed stands in another place or does something else. */
export function layoutOf({ placed, hidden }: Arrangement): string {
  const parts = placed.map(({ card, whole }) => [card.id, whole, card.leg.phase, card.leg.outcome, card.problem?.code].join(" "));
  return [...parts, hidden].join("\n");
}
