// The desktop. The only file that knows Tauri.

import { Channel, invoke } from "@tauri-apps/api/core";
import type { Envelope, Reply } from "./contract.generated";
import { type Host, Refused, isProblem } from "./host";

/** Where the web view takes a word without a request: a request takes as long as painting does. */
interface WebKit {
  webkit?: { messageHandlers?: Record<string, { postMessage(message: unknown): void } | undefined> };
}

export const inTauri = "__TAURI_INTERNALS__" in globalThis;

export function tauriHost(): Host {
  return {
    async call(request) {
      try {
        return await invoke<Reply>("rpc", { request });
      } catch (error) {
        throw isProblem(error) ? new Refused(error) : error;
      }
    },
    async subscribe(handler) {
      await invoke("subscribe", { channel: new Channel<Envelope[]>(handler) });
    },
    window: {
      startDrag: () => tell("start_dragging"),
      fit: (width, height) => tell("set_size", { value: { Logical: { width, height } } }),
      painted: (cards) => (globalThis as WebKit).webkit?.messageHandlers?.[cards ? "painted" : "emptied"]?.postMessage(null),
    },
  };
}

/** A command to the window itself. One that the window may not give changes nothing. */
function tell(command: string, args: Record<string, unknown> = {}): void {
  void invoke(`plugin:window|${command}`, args).catch(() => undefined);
}
