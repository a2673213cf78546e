// How far an account's record of past calls was read.

import type { JournalView } from "../../host/contract.generated";
import { t } from "../../messages";
import { dateName } from "../../shared/time";

export function journalProgress(journal: JournalView | null, tag: string): { text: string; percent: number } | null {
  if (journal === null || journal.read_from === null || journal.read_until === null) return null;
  const wanted = journal.wanted_from ?? journal.read_from;
  const all = Math.max(1, journal.read_until - wanted);
  const percent = Math.min(100, Math.max(0, Math.floor(((journal.read_until - journal.read_from) / all) * 100)));
  const time = dateName(journal.read_from, tag);
  return { text: t(journal.reading ? "account.journal_reading" : "account.journal", { time, percent }), percent };
}
