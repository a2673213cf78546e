// The pop-up window's words: its own few, so that it stays small.

import { Words } from "../shared/words.svelte";
import card from "./en/card";
import cardDe from "./de/card";

export const words = new Words<typeof card>({ en: [card], de: [cardDe] });
export const t = words.t;
