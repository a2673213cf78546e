// The five services, as the app describes them.

import type { AccountKind } from "../contract.generated";

export const KINDS: AccountKind[] = [
  {
    name: "nfon",
    title: "NFON",
    fields: [
      { name: "username", required: true, example: "K7001/cti" },
      { name: "secret", required: true, example: "" },
      { name: "base_url", required: false, example: "https://providersupportdata.cloud-cfg.com/v1" },
    ],
    region: null,
    capabilities: ["extensions", "line_states", "live_calls", "dial", "dial_progress", "hang_up_own"],
  },
  {
    name: "fonial",
    title: "fonial",
    fields: [
      { name: "username", required: true, example: "office@example.com" },
      { name: "secret", required: true, example: "" },
      { name: "base_url", required: false, example: "https://kundenkonto.fonial.de/api/2.0" },
    ],
    region: "DE",
    capabilities: ["extensions", "dial", "journal", "numbers"],
  },
  {
    name: "voicenter",
    title: "Voicenter",
    fields: [
      { name: "secret", required: true, example: "code" },
      { name: "login", required: false, example: "token" },
      { name: "login_name", required: false, example: "user@company.example" },
      { name: "base_url", required: false, example: "" },
    ],
    region: "IL",
    capabilities: ["extensions", "line_states", "live_calls", "dial", "hang_up_any", "journal", "agent_state"],
  },
  {
    name: "swisscom",
    title: "Swisscom",
    fields: [
      { name: "username", required: true, example: "Customer Key" },
      { name: "secret", required: true, example: "Customer Secret" },
      { name: "base_url", required: false, example: "https://api.swisscom.com/layer/esip-manual-forwarding/production/SEP" },
      { name: "token_url", required: false, example: "https://consent.swisscom.com/o/oauth2/token" },
      { name: "action_body", required: false, example: "action" },
    ],
    region: "CH",
    capabilities: ["scenarios"],
  },
  {
    name: "tenios",
    title: "TENIOS",
    fields: [
      { name: "secret", required: true, example: "access key" },
      { name: "callback_config_id", required: false, example: "4711" },
      { name: "base_url", required: false, example: "https://api.tenios.com" },
    ],
    region: "DE",
    capabilities: ["extensions", "live_calls", "journal", "agent_state", "number_orders", "dial", "dial_progress"],
  },
];
