// A change of one setting is sent at once, whole; what the app then says is what is shown.

import type { SettingsView } from "../../host/contract.generated";
import { t } from "../../messages";
import { done } from "../../model/act";
import { app } from "../../model/app.svelte";

export function change(part: Partial<SettingsView>): void {
  const settings = app.settings;
  if (settings) void done({ type: "set_settings", settings: { ...settings, ...part } });
}

export function locked(name: keyof SettingsView | string): boolean {
  return app.settings?.locked.includes(name) ?? false;
}

export function lockedText(name: keyof SettingsView | string): string | undefined {
  return locked(name) ? t("settings.locked") : undefined;
}
