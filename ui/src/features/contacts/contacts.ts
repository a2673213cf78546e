// What the page of contacts decides, without a screen.

import type { ContactView, SkippedRow } from "../../host/contract.generated";
import { t, wordFor } from "../../messages";

export type Item = { kind: "heading"; key: string; text: string } | { kind: "contact"; key: string; contact: ContactView };

/** The contacts with their initials above them; those that are only similar to what was searched below the others. */
export function itemsOf(contacts: readonly ContactView[], searched: boolean): Item[] {
  const items: Item[] = [];
  let above = "";
  for (const contact of contacts) {
    const heading = searched ? (contact.similar ? t("contacts.similar_title") : "") : contact.initial;
    if (heading !== above) items.push({ kind: "heading", key: `heading ${items.length}`, text: heading });
    above = heading;
    items.push({ kind: "contact", key: contact.id, contact });
  }
  return items;
}

/** Where something was left out of a file, and why. */
export function leftOutText(row: SkippedRow): string {
  const reason = wordFor("left_out", row.code, wordFor("problem", row.code, row.reason));
  if (!row.text) return t("contacts.skipped_line", { line: row.line, reason });
  return t("contacts.skipped_cell", { line: row.line, column: row.column, text: row.text, reason });
}

/** A file's name as it was imported, and words for what is no file. */
export function sourceName(source: string): string {
  if (source === "own") return t("contacts.own");
  if (source === "demo") return t("contacts.demo");
  return source.replace(/^csv:/, "");
}
