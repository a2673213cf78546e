// Which way this computer's clock goes beside a service's.

import type { AccountView } from "../../host/contract.generated";
import { t } from "../../messages";
import { roughly } from "../../shared/time";

/** The app says nothing of clocks that agree; of a service that never answered nobody knows. */
export function clockText(account: Pick<AccountView, "clock_ahead_s" | "link"> | undefined, heard: boolean): string {
  const ahead = account?.clock_ahead_s ?? null;
  if (ahead !== null) return t(ahead > 0 ? "diagnostics.clock_ahead" : "diagnostics.clock_behind", { time: roughly(Math.abs(ahead)) });
  const reached = heard || account?.link.phase === "online" || account?.link.phase === "degraded";
  return t(reached ? "diagnostics.clock_agrees" : "diagnostics.clock_unknown");
}
