// The second line of a tile: what the line is doing, in words.

import type { LineView } from "../../host/contract.generated";
import { lampOf, lastLampOf } from "../../model/lamp";
import { partyTitle } from "../../model/party";
import { t } from "../../messages";
import { duration } from "../../shared/time";

/** What the line is doing, and how long it has talked; empty where it does not. `now` is read only where it does. */
export function tileText(line: LineView, now: () => number): { doing: string; age: string } {
  const talks = line.stale_since === null && lampOf(line) === "busy";
  return { doing: doing(line), age: talks ? duration(now() - (line.peer_since ?? line.at)) : "" };
}

function doing(line: LineView): string {
  const lamp = lampOf(line);
  if (line.stale_since !== null) return staleText(line);
  const peer = line.peer ? apart(partyTitle(line.peer, { withheld: t("party.withheld"), unstated: "" })) : "";
  if (lamp === "ringing") return peer ? t("tile.ringing_by", { peer }) : t("lamp.ringing");
  if (lamp === "calling") return peer ? t("tile.calling", { peer }) : t("calls.other.calling");
  if (lamp !== "busy") return t(`tile.${lamp}`);
  if (!peer) return t("tile.busy");
  return line.peer?.kind === "extension" ? t("tile.internal", { peer }) : peer;
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
