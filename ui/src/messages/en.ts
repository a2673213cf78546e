// English, whole. Every other catalogue has these keys and these placeholders.

import accounts from "./en/accounts";
import agents from "./en/agents";
import board from "./en/board";
import calls from "./en/calls";
import common from "./en/common";
import history from "./en/history";
import numbers from "./en/numbers";
import problems from "./en/problems";
import receiver from "./en/receiver";
import scenarios from "./en/scenarios";
import serviceProblems from "./en/service-problems";
import settings from "./en/settings";

export const en = { ...common, ...board, ...calls, ...scenarios, ...history, ...accounts, ...agents, ...settings, ...numbers, ...receiver, ...problems, ...serviceProblems };
