// A change of one setting is sent at once, whole; what the app then says is what is shown.

import type { ReceiverSettings, SettingsView } from "../../host/contract.generated";
import { t } from "../../messages";
import { done } from "../../model/act";
import { app } from "../../model/app.svelte";

export type SettingName = Exclude<keyof SettingsView, "receiver" | "locked" | "hotkeys_refused"> | `receiver.${keyof ReceiverSettings}`;

/** What holds each setting in the configuration file: the policy locks these, or something below them. */
const KEYS: Record<SettingName, readonly string[]> = {
  language: ["ui.language"],
  theme: ["ui.theme"],
  comfortable: ["ui.comfortable"],
  mine: ["me.extensions"],
  region: ["me.region"],
  pop_up: ["pop_up.inbound", "pop_up.outbound"],
  quiet: ["pop_up.quiet"],
  ring_sound: ["pop_up.sound"],
  record_url: ["pop_up.record_url"],
  notify_missed: ["notifications.missed"],
  notify_failed_dial: ["notifications.failed_dial"],
  confirm_links: ["desktop.confirm_links"],
  close_to_tray: ["desktop.close_to_tray"],
  autostart: ["desktop.autostart"],
  dial_timeout_s: ["dial.ring_s"],
  hotkeys: ["hotkeys"],
  show_peers: ["board.show_peers"],
  favourites: ["board.favourites"],
  retention_days: ["history.days"],
  "receiver.on": ["receiver.on"],
  "receiver.listen": ["receiver.listen"],
  "receiver.public_url": ["receiver.public_url"],
};

/** Counts what was refused: the page then shows anew what is so. */
export const refusals = $state({ count: 0 });

export async function change(part: Partial<SettingsView>): Promise<void> {
  const settings = app.settings;
  if (settings && !(await done({ type: "set_settings", settings: { ...settings, ...part } }))) refusals.count += 1;
}

/** Lines as somebody types them. */
export function linesOf(text: string): string[] {
  return text.split(/[\s,;]+/).filter(Boolean);
}

/** Why the line cannot be mine; empty where it can. */
export function mistakeOf(line: string, accounts: readonly string[]): string {
  const [account = "", ...rest] = line.split("/");
  const extension = rest.join("/");
  if (!account || !extension) {
    const example = `${accounts[0] ?? "office"}/${extension || (line.includes("/") ? "31" : account)}`;
    return t("settings.mine_no_account", { line, example });
  }
  return accounts.includes(account) ? "" : t("settings.mine_unknown", { account });
}

export function locked(name: SettingName): boolean {
  const held = app.settings?.locked ?? [];
  return KEYS[name].some((key) => held.some((it) => it === key || it.startsWith(`${key}.`)));
}

export function lockedText(name: SettingName): string | undefined {
  return locked(name) ? t("settings.locked") : undefined;
}
