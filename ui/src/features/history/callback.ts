// What is done about a missed call, and how it is taken back.

import type { HistoryRow } from "../../host/contract.generated";
import { t } from "../../messages";
import { done } from "../../model/act";
import { claimant } from "../../model/worklist.svelte";
import { toasts } from "../../shared/toasts.svelte";
import { rowTitle } from "./outcome";

/** Takes the call to call back, or gives it back to all. */
export function claim(row: HistoryRow): void {
  void done({ type: "claim", id: row.id, claimed: claimant(row) === null });
}

/** Marks it as done; for a while that can be taken back. */
export async function markDone(row: HistoryRow): Promise<void> {
  if (!(await done({ type: "callback_done", id: row.id }))) return;
  const undo = { label: t("action.undo"), run: () => void reopen(row) };
  toasts.show(t("callback.marked", { who: rowTitle(row) }), "", "plain", undo);
}

/** As it was before: open, and mine again if it was. */
async function reopen(row: HistoryRow): Promise<void> {
  if (!(await done({ type: "claim", id: row.id, claimed: false }))) return;
  if (claimant(row)?.mine && !(await done({ type: "claim", id: row.id, claimed: true }))) return;
  toasts.show(t("callback.undone"));
}
