// One ticking second for everything that shows an age. Stands still while nobody looks.

import { createSubscriber } from "svelte/reactivity";

class Clock {
  /** App time less computer time, so that ages are right where the two differ. */
  offset = 0;
  #subscribe = createSubscriber((update) => {
    const tick = () => {
      if (!document.hidden) update();
    };
    const timer = setInterval(tick, 1000);
    document.addEventListener("visibilitychange", tick);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", tick);
    };
  });

  /** The app's time; read inside an effect or a template it ticks once a second. */
  get now(): number {
    this.#subscribe();
    return Date.now() + this.offset;
  }

  /** The app's time, once. */
  read(): number {
    return Date.now() + this.offset;
  }
}

export const clock = new Clock();
