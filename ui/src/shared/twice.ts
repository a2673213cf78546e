// Two clicks on one thing. A browser's double click asks where the pointer is and not what the first click was on.

const WITHIN_MS = 500;

export class Twice {
  #what: unknown;
  #at = -Infinity;

  /** Tells of a click; whether it is the second in a row on the same thing. `at`: its time in milliseconds. */
  click(what: unknown, at: number): boolean {
    const second = what === this.#what && at - this.#at < WITHIN_MS;
    this.#what = second ? undefined : what;
    this.#at = at;
    return second;
  }
}

/** One for the window: a click on anything else is in between. */
export const twice = new Twice();
