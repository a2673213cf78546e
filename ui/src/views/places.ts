// The views of the main window, in the order of the rail.

import type { AccountView, Capability, ViewName } from "../host/contract.generated";
import type { IconName } from "../shared/icons";

export type PlaceName = Exclude<ViewName, "palette">;

export interface Place {
  view: PlaceName;
  icon: IconName;
  turns?: boolean;
  /** With Ctrl the key that leads there. A place that is not there leaves the others theirs. */
  digit: number;
  /** Only where an account can do one of these. */
  needs?: readonly Capability[];
}

const PLACES = ([
  { view: "board", icon: "board" },
  { view: "calls", icon: "phone" },
  { view: "history", icon: "clock" },
  { view: "contacts", icon: "person" },
  { view: "scenarios", icon: "divert", turns: true },
  { view: "numbers", icon: "hash", needs: ["numbers", "number_orders"] },
  { view: "accounts", icon: "plug" },
  { view: "diagnostics", icon: "chart" },
  { view: "settings", icon: "gear" },
] satisfies Omit<Place, "digit">[]).map<Place>((place, i) => ({ ...place, digit: i + 1 }));

/** What there is to go to with these accounts. */
export function placesFor(accounts: readonly AccountView[]): readonly Place[] {
  const able = new Set(accounts.flatMap((account) => account.capabilities));
  return PLACES.filter((place) => !place.needs || place.needs.some((capability) => able.has(capability)));
}
