// The five services, as the app describes them.

import type { AccountKind } from "../contract.generated";

export const KINDS: AccountKind[] = [
  {
    name: "nfon",
    title: "NFON",
    fields: [
      { name: "username", required: true, example: "K7001/cti", choices: [] },
      { name: "secret", required: true, example: "", choices: [] },
      { name: "base_url", required: false, example: "https://providersupportdata.cloud-cfg.com/v1", choices: [] },
    ],
    region: null,
    capabilities: ["extensions", "line_states", "live_calls", "dial", "dial_progress", "hang_up_own"],
  },
  {
    name: "fonial",
    title: "fonial",
    fields: [
      { name: "username", required: true, example: "office@example.com", choices: [] },
      { name: "secret", required: true, example: "", choices: [] },
      { name: "base_url", required: false, example: "https://kundenkonto.fonial.de/api/2.0", choices: [] },
    ],
    region: "DE",
    capabilities: ["extensions", "dial", "journal", "numbers"],
  },
  {
    name: "voicenter",
    title: "Voicenter",
    fields: [
      { name: "secret", required: true, example: "code", choices: [] },
      { name: "login", required: false, example: "token", choices: ["token", "user", "account", "none"] },
      { name: "login_name", required: false, example: "user@company.example", choices: [] },
      { name: "base_url", required: false, example: "", choices: [] },
    ],
    region: "IL",
    capabilities: ["extensions", "line_states", "live_calls", "dial", "hang_up_any", "journal", "agent_state"],
  },
  {
    name: "swisscom",
    title: "Swisscom",
    fields: [
      { name: "username", required: true, example: "Customer Key", choices: [] },
      { name: "secret", required: true, example: "Customer Secret", choices: [] },
      { name: "base_url", required: false, example: "https://api.swisscom.com/layer/esip-manual-forwarding/production/SEP", choices: [] },
      { name: "token_url", required: false, example: "https://consent.swisscom.com/o/oauth2/token", choices: [] },
      { name: "action_body", required: false, example: "action", choices: [] },
    ],
    region: "CH",
    capabilities: ["scenarios"],
  },
  {
    name: "tenios",
    title: "TENIOS",
    fields: [
      { name: "secret", required: true, example: "access key", choices: [] },
      { name: "callback_config_id", required: false, example: "4711", choices: [] },
      { name: "base_url", required: false, example: "https://api.tenios.com", choices: [] },
    ],
    region: "DE",
    capabilities: ["extensions", "live_calls", "journal", "agent_state", "number_orders", "dial", "dial_progress"],
  },
];
