// A problem in the chosen language: by its code, else in the app's own words.

import type { ApiError } from "../host/contract.generated";
import type { Catalogue } from "../shared/i18n";
import type { Words } from "../shared/words.svelte";

export interface ProblemText {
  message: string;
  hint: string;
  /** The app's own words, where they say more than the translation. */
  original: string;
  /** The same where it names a place or a number, which the translation cannot know. */
  detail: string;
}

const PARTICULARS = /[`\d]/;

/** `service`, where it is known, may have words of its own for the same code. */
export function problemIn<C extends Catalogue>(words: Words<C>, problem: ApiError, service?: string): ProblemText {
  const own = `problem.${problem.code}.${service}`;
  const key = words.has(own) ? own : `problem.${problem.code}`;
  const english = words.language.tag === "en";
  if (!words.has(key) || (english && problem.message)) {
    return { message: sentence(problem.message || problem.code), hint: problem.hint, original: "", detail: "" };
  }
  const hintKey = `${key}.hint`;
  const hint = words.has(hintKey) && !(english && problem.hint) ? words.t(hintKey) : problem.hint;
  const detail = PARTICULARS.test(problem.message) ? problem.message : "";
  return { message: words.t(key), hint, original: problem.message, detail };
}

/** The app's words begin small and end open, for they also stand within sentences. */
function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?…:]$/u.test(text) ? "" : ".");
}
