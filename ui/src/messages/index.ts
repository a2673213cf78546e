// The main window's words.

import type { ApiError } from "../host/contract.generated";
import { Words } from "../shared/words.svelte";
import { de } from "./de";
import { en } from "./en";

export type Key = keyof typeof en & string;

export const words = new Words(en, { de });
export const t = words.t;

/** What the languages call themselves. */
export const LANGUAGE_NAMES: Readonly<Record<string, string>> = { en: "English", de: "Deutsch" };

export interface ProblemText {
  message: string;
  hint: string;
  /** The app's own words, where they say more than the translation. */
  original: string;
}

/** A problem in the chosen language: by its code, else in the app's own words. */
export function problemText(problem: ApiError): ProblemText {
  const key = `problem.${problem.code}`;
  const english = words.language.tag === "en";
  if (!words.has(key) || (english && problem.message)) {
    return { message: problem.message || problem.code, hint: problem.hint, original: "" };
  }
  const hintKey = `${key}.hint`;
  const hint = words.has(hintKey) && !(english && problem.hint) ? t(hintKey as Key) : problem.hint;
  return { message: t(key as Key), hint, original: problem.message };
}

/** The words for a code, else what is given instead. */
export function wordFor(prefix: string, code: string, otherwise: string = code): string {
  const key = `${prefix}.${code}`;
  return words.has(key) ? t(key as Key) : otherwise;
}
