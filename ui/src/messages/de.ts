// German, whole.

import accounts from "./de/accounts";
import agents from "./de/agents";
import board from "./de/board";
import calls from "./de/calls";
import common from "./de/common";
import history from "./de/history";
import numbers from "./de/numbers";
import problems from "./de/problems";
import receiver from "./de/receiver";
import scenarios from "./de/scenarios";
import serviceProblems from "./de/service-problems";
import settings from "./de/settings";

export const de = { ...common, ...board, ...calls, ...scenarios, ...history, ...accounts, ...agents, ...settings, ...numbers, ...receiver, ...problems, ...serviceProblems };
