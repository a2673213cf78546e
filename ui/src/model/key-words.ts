// Keyboard combinations in the words of the chosen language.

import { wordFor } from "../messages";

/** `Strg+Umschalt+F10` for `Ctrl+Shift+F10`. */
export const keysText = (keys: string): string => keys.split("+").map((key) => wordFor("key", key.toLowerCase(), key)).join("+");
