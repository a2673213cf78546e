// German: what the main window shows at its start.

import agents from "./agents";
import board from "./board";
import calls from "./calls";
import common from "./common";
import history from "./history";
import scenarios from "./scenarios";
import welcome from "./welcome";
import window from "./window";

export default { ...common, ...welcome, ...board, ...agents, ...calls, ...scenarios, ...history, ...window };
