// The second line of a tile: what the line is doing, in words.

import type { LineView } from "../../host/contract.generated";
import { lampOf, lastLampOf } from "../../model/lamp";
import { partyTitle } from "../../model/party";
import { t } from "../../messages";
import { duration } from "../../shared/time";

/** What the line is doing. `now` is read only where an age is shown. */
export function tileText(line: LineView, now: () => number): string {
  const lamp = lampOf(line);
  if (line.stale_since !== null) return staleText(line);
  const peer = line.peer ? apart(partyTitle(line.peer, { withheld: t("party.withheld"), unstated: "" })) : "";
  if (lamp === "ringing") return peer ? t("tile.ringing_by", { peer }) : t("lamp.ringing");
  if (lamp === "calling") return peer ? t("tile.calling", { peer }) : t("calls.other.calling");
  if (lamp !== "busy") return t(`tile.${lamp}`);
  const age = duration(now() - (line.peer_since ?? line.at));
  if (!peer) return t("tile.busy_since", { age });
  return line.peer?.kind === "extension" ? t("tile.internal", { peer, age }) : t("tile.with", { peer, age });
}

/** A name keeps to itself: one that is read from right to left must not take the time beside it along. */
function apart(name: string): string {
  return RTL.test(name) ? `\u2068${name}\u2069` : name;
}

const RTL = /[\p{Script=Hebrew}\p{Script=Arabic}\u202e\u200f]/u;

function staleText(line: LineView): string {
  const was = lastLampOf(line);
  return was === "unknown" ? t("tile.unknown") : t("tile.was", { was: t(`was.${was}`) });
}
