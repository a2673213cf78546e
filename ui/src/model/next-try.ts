import type { LinkView } from "../host/contract.generated";
import { t } from "../messages";

/** When an account that is offline is tried again by itself; nothing where that is not known. */
export function nextTry(link: LinkView, now: number): string {
  if (link.phase !== "offline" || !link.next_try_at) return "";
  const seconds = Math.ceil((link.next_try_at - now) / 1000);
  // Nobody counts to three hundred.
  if (seconds > 120) return t("account.next_try_min", { minutes: String(Math.ceil(seconds / 60)) });
  return seconds > 0 ? t("account.next_try", { seconds: String(seconds) }) : t("account.trying");
}
