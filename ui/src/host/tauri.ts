// The desktop. The only file that knows Tauri.

import { Channel, invoke } from "@tauri-apps/api/core";
import type { Envelope, Reply } from "./contract.generated";
import { type Host, type SavedFile, Refused, isProblem } from "./host";

/** Where the web view takes a word without a request: a request takes as long as painting does. */
interface WebKit {
  webkit?: { messageHandlers?: Record<string, { postMessage(message: unknown): void } | undefined> };
}

export const inTauri = "__TAURI_INTERNALS__" in globalThis;

export function tauriHost(): Host {
  return {
    call: (request) => command<Reply>("rpc", { request }),
    async subscribe(handler) {
      await invoke("subscribe", { channel: new Channel<Envelope[]>(handler) });
    },
    window: {
      startDrag: () => say("drag", "") || tell("start_dragging"),
      fit: (width, height) => say("fit", `${height}`) || tell("set_size", { value: { Logical: { width, height } } }),
      painted: (height) => void say("painted", `${height}`),
      palette: (place) => void say("palette", place ? `${place.x} ${place.y} ${place.width} ${place.height}` : ""),
    },
    desktop: {
      exportHistory: (filter) => command<SavedFile | null>("export_history", { filter }),
      showSaved: (id) => command("show_saved", { id }),
      copy: (text) => command("copy", { text }),
      restHotkeys: (rest) => command("rest_hotkeys", { rest }),
    },
  };
}

async function command<T = void>(name: string, args: Record<string, unknown>): Promise<T> {
  try {
    return await invoke<T>(name, args);
  } catch (error) {
    throw isProblem(error) ? new Refused(error) : error;
  }
}

/** A word to the window's host without a request; `false` where the host does not take this one. */
function say(name: string, text: string): boolean {
  const to = (globalThis as WebKit).webkit?.messageHandlers?.[name];
  to?.postMessage(text);
  return to !== undefined;
}

/** A command to the window itself. One that the window may not give changes nothing. */
function tell(command: string, args: Record<string, unknown> = {}): void {
  void invoke(`plugin:window|${command}`, args).catch(() => undefined);
}
