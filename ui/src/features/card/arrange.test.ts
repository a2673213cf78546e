import { describe, expect, it } from "vitest";
import type { CardView, LegView } from "../../host/contract.generated";
import { cardView, legView, lineView, numberParty } from "../../host/mock/views";
import { CALLERS } from "../../host/mock/people";
import { arrange } from "./arrange";

const mine = { ...lineView("office", "31", "Lea Sommer", "Support", 0), mine: true };

/** `name phase at`, with `vip` or `out` behind it. */
function card(word: string): CardView {
  const [call = "", phase = "ringing", at = "0", more] = word.split(" ");
  const leg: Partial<LegView> = { call, phase: phase as LegView["phase"], started_at: Number(at) };
  if (phase === "connected") leg.answered_at = Number(at);
  if (phase === "ended") Object.assign(leg, { ended_at: Number(at), outcome: "missed" });
  if (more === "vip") leg.class = "vip";
  if (more === "out") leg.direction = "outbound";
  return { ...cardView(legView(mine, numberParty(CALLERS[0]!), 0, leg), CALLERS[0]!, 0), id: call };
}

/** Whole cards in capitals. */
function shown(words: string[], active: string | null = null): string {
  const { placed, hidden } = arrange(words.map(card), active);
  const text = placed.map(({ card, whole }) => (whole ? card.id.toUpperCase() : card.id)).join(" ");
  return hidden > 0 ? `${text} +${hidden}` : text;
}

describe("cards", () => {
  it.each([
    [["a ringing 1"], "A"],
    [["a connected 1", "b ringing 5"], "B a"],
    [["a ringing 1", "b ringing 5"], "A b"],
    [["a ringing 1", "b ringing 5 vip"], "B a"],
    [["a ringing 1 out", "b ringing 5"], "B a"],
    [["a connected 1", "b connected 9"], "B a"],
    [["a ended 1", "b connected 0"], "B a"],
    [["a ended 1", "b ended 3"], "B a"],
    // The one that rings is never among those that are only counted.
    [["a connected 1", "b connected 2", "c connected 3", "d ended 4", "e ended 5", "f ringing 6"], "F c b a +2"],
  ])("%j stand as %s", (words, expected) => expect(shown(words)).toBe(expected));

  it("leave the one that is written on whole, below the one that rings", () => {
    expect(shown(["a connected 1", "b connected 2", "c ringing 3"], "a")).toBe("C A b");
    expect(shown(["a ringing 1"], "a")).toBe("A");
  });

  it("are strips where the screen is shown to others", () => {
    const strip: CardView = { ...card("a ringing 1"), manner: "strip" };
    expect(arrange([strip], null).placed).toEqual([{ card: strip, whole: false }]);
    expect(arrange([strip], "a").placed).toEqual([{ card: strip, whole: false }]);
  });
});
