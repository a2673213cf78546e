// The main window's words.

import type { ApiError } from "../host/contract.generated";
import { Words } from "../shared/words.svelte";
import type { en } from "./en";
import { type ProblemText, problemIn } from "./problem";

export type Key = keyof typeof en & string;

/** Each language is read when it is wanted, and what a start needs of it before the rest. */
export const words = new Words<typeof en>({
  en: [() => whole(import("./en/start")), () => whole(import("./en/later"))],
  de: [() => whole(import("./de/start")), () => whole(import("./de/later"))],
});
export const t = words.t;

/** What the languages call themselves. */
export const LANGUAGE_NAMES: Readonly<Record<string, string>> = { en: "English", de: "Deutsch" };

/** A problem in the chosen language, of what was asked for and is not repeated. */
export const problemText = (problem: ApiError, service?: string): ProblemText => problemIn(words, problem, service);

/** Why a connection does not stand: it is tried again without being asked to. */
export const linkProblemText = (problem: ApiError, service?: string): ProblemText => problemIn(words, problem, service, true);

/** The words for a code, else what is given instead. */
export function wordFor(prefix: string, code: string, otherwise: string = code): string {
  const key = `${prefix}.${code}`;
  return words.has(key) ? t(key as Key) : otherwise;
}

/** Asked before something that was typed is thrown away. */
export const discardWords = () => ({ question: t("discard.question"), keep: t("discard.keep"), drop: t("discard.drop") });

async function whole<P>(module: Promise<{ default: P }>): Promise<P> {
  return (await module).default;
}
