// What a test found, in words. Its end is no finding of its own.

import type { Finding } from "../host/contract.generated";
import { problemText, t, wordFor } from "../messages";
import type { Check } from "../shared/CheckList.svelte";

export function checksOf(findings: readonly Finding[]): Check[] {
  return findings
    .filter((finding) => finding.step !== "done")
    .map(({ step, verdict, text, problem }) => {
      const told = problem ? problemText(problem) : null;
      return {
        key: step,
        mark: verdict,
        title: wordFor("step", step),
        text: text || (told ? "" : t(`verdict.${verdict}`)),
        message: told?.message ?? "",
        hint: told?.hint ?? "",
        original: told?.original ?? "",
      };
    });
}
