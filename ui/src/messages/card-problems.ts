// The words for what went wrong, which the pop-up window fetches only when something did.

import type { ApiError } from "../host/contract.generated";
import { Words } from "../shared/words.svelte";
import problemsDe from "./de/problems";
import problems from "./en/problems";
import { type ProblemText, problemIn } from "./problem";

const words = new Words<typeof problems>({ en: [problems], de: [problemsDe] });

/** `language` as in the settings. */
export function cardProblem(problem: ApiError, language: string): ProblemText {
  void words.choose(language);
  return problemIn(words, problem);
}
