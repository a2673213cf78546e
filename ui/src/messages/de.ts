// German, whole.

import later from "./de/later";
import start from "./de/start";

export const de = { ...start, ...later };
