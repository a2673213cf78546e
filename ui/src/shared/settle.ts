// Waiting for quiet before acting.

/** Calls `act` once nothing has asked for `ms`. */
export function settled(act: () => void, ms: number): { (): void; cancel(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const ask = () => {
    clearTimeout(timer);
    timer = setTimeout(act, ms);
  };
  ask.cancel = () => clearTimeout(timer);
  return ask;
}

/** A name nobody else will choose. */
export function uniqueId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
