// A problem in the chosen language: by its code, else in the app's own words, which are English and made for the command
// line. They name what the catalogue cannot know.

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
  /** What was said or seen on the way, as it is: for whoever asks for it. */
  details: string;
}

/** A name, a number, or what the other side said. */
const PARTICULARS = /[`\d]|: \S/;

/**
 * `service`, where it is known, may have words of its own for the same code. `retried`: it is the reason of a connection,
 * which is tried again; of anything else no hint promises that.
 */
export function problemIn<C extends Catalogue>(words: Words<C>, problem: ApiError, service?: string, retried = false): ProblemText {
  const own = `problem.${problem.code}.${service}`;
  const key = words.has(own) ? own : `problem.${problem.code}`;
  const english = words.language.tag === "en";
  const details = problem.details ?? "";
  if (problem.params && words.has(key)) return { message: named(words, key, problem.params), hint: hintOf(), original: "", detail: "", details };
  const detail = PARTICULARS.test(problem.message) ? problem.message : "";
  if (!words.has(key) || (english && detail)) {
    return { message: sentence(problem.message || problem.code), hint: hintOf(), original: "", detail: "", details };
  }
  if (english) return { message: named(words, key, {}), hint: hintOf(), original: "", detail: "", details };
  return { message: named(words, key, {}), hint: hintOf(), original: problem.message, detail, details };

  function hintOf(): string {
    const once = `once.${problem.code}`;
    if (!retried && words.has(once)) return words.t(once);
    const hintKey = `${key}.hint`;
    return words.has(hintKey) ? words.t(hintKey) : problem.hint;
  }
}

/** Words that name what the problem names: those of the same code with `.at` where a host is known. */
function named<C extends Catalogue>(words: Words<C>, key: keyof C & string, params: Readonly<Record<string, string | undefined>>): string {
  const at = `${key}.at`;
  const unnamed = { service: word("service"), proxy: word("proxy"), host: word("host"), by: "" };
  const known = Object.fromEntries(Object.entries(params).flatMap(([name, value]) => (value ? [[name, value]] : [])));
  // Where the service has no name, German draws the two words into one.
  return words.t(known["host"] && words.has(at) ? at : key, { ...unnamed, ...known }).replace("von dem ", "vom ");

  function word(name: string): string {
    const own = `problem.the_${name}`;
    return words.has(own) ? words.t(own) : "";
  }
}

/** The app's words begin small and end open, for they also stand within sentences. */
function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?…:]$/u.test(text) ? "" : ".");
}
