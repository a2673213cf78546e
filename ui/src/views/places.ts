// The views of the main window, in the order of the rail and of Alt+1 … Alt+8.

import type { ViewName } from "../host/contract.generated";
import type { IconName } from "../shared/icons";

export type Place = Exclude<ViewName, "palette">;

export const PLACES: readonly { view: Place; icon: IconName; turns?: boolean }[] = [
  { view: "board", icon: "board" },
  { view: "calls", icon: "phone" },
  { view: "history", icon: "clock" },
  { view: "contacts", icon: "person" },
  { view: "scenarios", icon: "divert", turns: true },
  { view: "accounts", icon: "plug" },
  { view: "diagnostics", icon: "chart" },
  { view: "settings", icon: "gear" },
];
