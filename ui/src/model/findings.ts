// What a test found, in words. Its end is no finding of its own.

import type { Finding } from "../host/contract.generated";
import { type Key, problemText, t, wordFor, words } from "../messages";
import type { Check } from "../shared/CheckList.svelte";

/** `service`: whose words for a problem are wanted. */
export function checksOf(findings: readonly Finding[], service?: string): Check[] {
  const skipped = findings.filter((finding) => finding.note === "skipped").length;
  const checks = findings
    .filter((finding) => finding.step !== "done" && finding.note !== "skipped")
    .map<Check>((finding) => {
      const { step, verdict, problem } = finding;
      const text = seen(finding);
      const told = problem ? problemText(problem, service) : null;
      return {
        key: step,
        mark: verdict,
        title: wordFor(`step.${verdict}`, step, wordFor("step", step)),
        text: text || (told ? "" : t(`verdict.${verdict}`)),
        message: told?.message ?? "",
        hint: wordFor("tested", `${problem?.code}.${service}`, wordFor("tested", problem?.code ?? "", told?.hint ?? "")),
        original: told?.original ?? "",
      };
    });
  if (skipped > 0) checks.push({ key: "skipped", mark: "not_tried", title: t("step.skipped", { count: skipped }), text: "", message: "", hint: "", original: "" });
  return checks;
}

/** In English the app's own words, which say more, but do not count; in other languages what stands for their code. */
function seen({ text, note, count }: Finding): string {
  const key = `note.${note}`;
  if (note === null || !words.has(key) || (words.language.tag === "en" && count === null)) return text;
  return t(key as Key, { count: count ?? 0 });
}
