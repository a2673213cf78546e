// The receiver: off, listening, or kept from it.

import type { Finding, ReceiverView, SettingsView } from "../contract.generated";

const PATH = "/r/9kf2c0v7m3x8q1z5t6b4n0w2y8d3h7j1";

export function receiverView({ receiver }: SettingsView, accounts: readonly string[], manner: string | null): ReceiverView {
  const taken = { code: "receiver_port_taken", message: "Another program listens at 127.0.0.1:8465.", hint: "Choose another port, or end the other program." };
  const down = receiver.on && manner === "down";
  return {
    listening: receiver.on && !down ? receiver.listen : null,
    problem: down ? taken : null,
    accounts: accounts.map((account, i) => ({
      account,
      local_url: `http://${receiver.listen}${PATH}${i}`,
      public_url: receiver.public_url ? `${receiver.public_url.replace(/\/$/, "")}${PATH}${i}` : null,
      taken: receiver.on && i === 0 ? 128 : 0,
      last_at: receiver.on && i === 0 ? Date.now() - 42_000 : null,
      refused: i === 0 && receiver.on ? 3 : 0,
      last_refused: i === 0 && receiver.on ? { code: "push_secret", message: "The message carried another key than the account’s.", hint: "Compare the posts key in the portal with the account’s secret." } : null,
    })),
  };
}

export function receiverFindings(view: ReceiverView): Finding[] {
  const works = (step: string, text: string): Finding => ({ step, verdict: "works", text, note: null, count: null, problem: null });
  const fails = (step: string, code: string, message: string, hint: string): Finding => ({ step, verdict: "fails", text: "", note: null, count: null, problem: { code, message, hint } });
  if (!view.listening) return [fails("local", "receiver_off", "Nothing listens here.", "Switch the receiver on."), { step: "public", verdict: "not_tried", text: "", note: null, count: null, problem: null }];
  const local = works("local", "3 ms");
  if (!view.accounts[0]?.public_url) return [local, { step: "public", verdict: "not_tried", text: "", note: null, count: null, problem: null }];
  return [local, fails("public", "receiver_elsewhere", "The public address answers, but leads elsewhere.", "Let the proxy or tunnel lead to the local address.")];
}
