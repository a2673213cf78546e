// What the menus offer, wherever a number or a caller stands.

import type { PartyView } from "../host/contract.generated";
import { t } from "../messages";
import type { MenuItem } from "../shared/menu.svelte";
import { toasts } from "../shared/toasts.svelte";
import { copyText } from "./act";
import { canCall } from "./party";

export function copyItem(number: string): MenuItem {
  return { label: t("menu.copy_number"), icon: "copy", run: () => void copyNumber(number), testid: "menu-copy" };
}

async function copyNumber(number: string): Promise<void> {
  if (await copyText(number)) toasts.show(t("copied.number", { number }));
}

/** Of the other side of a call: what can be done with who it was. */
export function partyItems(party: PartyView, call: (() => void) | null): MenuItem[] {
  const number = party.number || party.dial;
  return [
    ...(call && canCall(party) ? [{ label: t("menu.call"), icon: "phone", run: call, testid: "menu-call" } satisfies MenuItem] : []),
    ...(number ? [copyItem(number)] : []),
  ];
}
