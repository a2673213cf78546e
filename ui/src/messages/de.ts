// German, whole.

import accounts from "./de/accounts";
import board from "./de/board";
import calls from "./de/calls";
import common from "./de/common";
import history from "./de/history";
import problems from "./de/problems";
import scenarios from "./de/scenarios";
import settings from "./de/settings";

export const de = { ...common, ...board, ...calls, ...scenarios, ...history, ...accounts, ...settings, ...problems };
