// Chooses the host: the desktop where there is one, else the office inside the browser.

import type { Host } from "./host";
import { inTauri, tauriHost } from "./tauri";

export async function connect(): Promise<Host> {
  if (inTauri) return tauriHost();
  const { mockHost } = await import("./mock");
  return mockHost(new URLSearchParams(location.search));
}
