// Calls that are not mine, one row a call: a group rings at many telephones, and an internal call is at two.

import type { LegView } from "../../host/contract.generated";

export interface OtherCall {
  id: string;
  /** Whose call it is: the side that called, where it is one of us, else who talks, else everybody it rings at. */
  ours: LegView[];
  /** The leg that tells the other side and how it stands. */
  leg: LegView;
}

/** Live legs by call, the oldest first; calls that I have a part in are left out. */
export function otherCalls(legs: readonly LegView[]): OtherCall[] {
  const calls = new Map<string, LegView[]>();
  for (const leg of [...legs].sort((a, b) => a.started_at - b.started_at)) {
    const id = `${leg.account}/${leg.call}`;
    calls.set(id, [...(calls.get(id) ?? []), leg]);
  }
  return [...calls].flatMap(([id, parts]) => {
    if (parts.some((leg) => leg.mine)) return [];
    const caller = parts.find((leg) => leg.direction === "outbound");
    const talking = parts.filter((leg) => leg.phase === "connected");
    const ours = caller ? [caller] : talking.length > 0 ? talking : parts;
    return ours[0] ? [{ id, ours, leg: ours[0] }] : [];
  });
}
