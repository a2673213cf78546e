// German: what the pages behind the board say, and what goes wrong.

import accounts from "./accounts";
import notes from "./notes";
import numbers from "./numbers";
import problems from "./problems";
import receiver from "./receiver";
import serviceProblems from "./service-problems";
import settings from "./settings";

export default { ...accounts, ...settings, ...notes, ...numbers, ...receiver, ...problems, ...serviceProblems };
