// Finding one's own line among those an account lists.

import type { ExtensionView } from "../../host/contract.generated";
import { fold } from "../../model/board-index";

/** More than these are found by typing. */
export const SHOWN = 60;

export interface Found {
  shown: ExtensionView[];
  /** How many more there are. */
  more: number;
}

/** Chosen ones first while nothing is typed; then what begins with the text before what holds it. */
export function findLines(all: readonly ExtensionView[], text: string, chosen: ReadonlySet<string>): Found {
  const wanted = fold(text.trim());
  const rank = ({ extension, name }: ExtensionView): number => {
    if (!wanted) return chosen.has(extension) ? 0 : 1;
    const [number, words] = [fold(extension), fold(name)];
    if (number === wanted) return 0;
    if (number.startsWith(wanted) || words.split(/\s+/).some((word) => word.startsWith(wanted))) return 1;
    return number.includes(wanted) || words.includes(wanted) ? 2 : 3;
  };
  const ranked = all.map((it) => ({ it, rank: rank(it) })).filter((it) => it.rank < 3);
  ranked.sort((a, b) => a.rank - b.rank);
  return { shown: ranked.slice(0, SHOWN).map(({ it }) => it), more: Math.max(0, ranked.length - SHOWN) };
}
