// A problem in the chosen language: by its code, else in the app's own words.

import type { ApiError } from "../host/contract.generated";
import type { Catalogue } from "../shared/i18n";
import type { Words } from "../shared/words.svelte";

export interface ProblemText {
  message: string;
  hint: string;
  /** The app's own words, where they say more than the translation. */
  original: string;
}

export function problemIn<C extends Catalogue>(words: Words<C>, problem: ApiError): ProblemText {
  const key = `problem.${problem.code}`;
  const english = words.language.tag === "en";
  if (!words.has(key) || (english && problem.message)) {
    return { message: problem.message || problem.code, hint: problem.hint, original: "" };
  }
  const hintKey = `${key}.hint`;
  const hint = words.has(hintKey) && !(english && problem.hint) ? words.t(hintKey) : problem.hint;
  return { message: words.t(key), hint, original: problem.message };
}
