// English, whole. Every other catalogue has these keys and these placeholders.

import later from "./en/later";
import start from "./en/start";

export const en = { ...start, ...later };
