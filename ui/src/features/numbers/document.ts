// Whether a file is a PDF, by how it begins. The app and the service look closer; this is for what can be said at once.

import { wordFor } from "../../messages";

/** What is taken for a file instead of a PDF, or what is wrong with it. */
export type Unfit =
  | "empty" | "too_large" | "jpeg" | "png" | "gif" | "tiff" | "bmp" | "zip" | "old_office" | "rtf" | "web" | "phone" | "preceded"
  | "unknown" | "unreadable";

/** Bytes. The app's own limit, unless an account's option raises it. */
export const LARGEST = 10 * 1024 * 1024;
/** As much of the beginning as is looked at, bytes. */
export const HEAD = 1024;

const BEGINNINGS: readonly [string, Unfit][] = [
  ["\xff\xd8\xff", "jpeg"],
  ["\x89PNG", "png"],
  ["GIF8", "gif"],
  ["II*\0", "tiff"],
  ["MM\0*", "tiff"],
  ["BM", "bmp"],
  ["PK\x03\x04", "zip"],
  ["\xd0\xcf\x11\xe0", "old_office"],
  ["{\\rtf", "rtf"],
  ["<", "web"],
];

/** What speaks against a file of that size whose first bytes these are; `null` when nothing does. */
export function unfit(head: Uint8Array, size: number): Unfit | null {
  if (size === 0) return "empty";
  const text = String.fromCharCode(...head.subarray(0, HEAD));
  if (!text.startsWith("%PDF-")) {
    const known = BEGINNINGS.find(([beginning]) => text.startsWith(beginning));
    if (known) return known[1];
    if (text.slice(4, 8) === "ftyp") return "phone";
    return text.includes("%PDF-") ? "preceded" : "unknown";
  }
  return size > LARGEST ? "too_large" : null;
}

/** `482 kB`, `1.2 MB`: a size as the language writes it. */
export function sizeText(bytes: number, tag: string): string {
  const large = bytes >= 1024 * 1024;
  const value = large ? bytes / 1024 / 1024 : Math.max(1, Math.round(bytes / 1024));
  return new Intl.NumberFormat(tag, { style: "unit", unit: large ? "megabyte" : "kilobyte", maximumFractionDigits: large ? 1 : 0 }).format(value);
}

/** The kind of a document for people: known ones in their language, others as the service writes them, readable. */
export function kindWord(kind: string): string {
  const plain = kind.replace(/_+/g, " ").trim().toLowerCase();
  return wordFor("document.kind", kind.toLowerCase(), plain.charAt(0).toUpperCase() + plain.slice(1));
}
