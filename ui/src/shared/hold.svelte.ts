// Rows stand still while the pointer or the keyboard is on them: what is reached for must not be pushed away.

type Id = string | number;

/** What is shown while the list is held, and what waits to be. */
export interface Standing<T> {
  rows: T[];
  /** Shown although they are gone by now. */
  gone: ReadonlySet<Id>;
  /** How many came in between the others and wait. */
  waiting: number;
}

/**
 * The rows that were shown, each as it is now, in the order in which they were; new ones at the `open` end move nobody
 * and are shown at once. `last` knows how those looked that are gone.
 */
export function standing<T>(shown: readonly Id[], live: readonly T[], id: (row: T) => Id, last: ReadonlyMap<Id, T>, open = true): Standing<T> {
  const now = new Map(live.map((row) => [id(row), row]));
  const known = new Set(shown);
  const tail = open ? live.findLastIndex((row) => known.has(id(row))) + 1 : live.length;
  const added = live.slice(tail).filter((row) => !known.has(id(row)));
  const rows = shown.flatMap((it) => now.get(it) ?? last.get(it) ?? []);
  return {
    rows: [...rows, ...added],
    gone: new Set(shown.filter((it) => !now.has(it))),
    waiting: live.slice(0, tail).filter((row) => !known.has(id(row))).length,
  };
}

export class Held<T> {
  #live: () => readonly T[];
  #id: (row: T) => Id;
  #open: boolean;
  /** The rows as they stood when the pointer came; `null` while nobody is there. */
  #shown = $state.raw<readonly Id[] | null>(null);
  /** The first rows of a list that was empty when the pointer came: nothing stood there to be held. */
  #first: readonly Id[] | null = null;
  #last = new Map<Id, T>();
  #pointer = false;
  #keyboard = false;

  /** `open`: nothing stands below the list, so that what is added at its end moves nobody. */
  constructor(live: () => readonly T[], id: (row: T) => Id, open = true) {
    this.#live = live;
    this.#id = id;
    this.#open = open;
  }

  #standing = $derived.by((): Standing<T> => {
    const live = this.#live();
    for (const row of live) this.#last.set(this.#id(row), row);
    if (this.#shown?.length === 0 && live.length > 0) this.#first ??= live.map(this.#id);
    const shown = this.#first ?? this.#shown;
    if (shown === null || shown.length === 0) return { rows: [...live], gone: new Set(), waiting: 0 };
    return standing(shown, live, this.#id, this.#last, this.#open);
  });

  get rows(): T[] {
    return this.#standing.rows;
  }

  get waiting(): number {
    return this.#standing.waiting;
  }

  isGone(row: T): boolean {
    return this.#standing.gone.has(this.#id(row));
  }

  /** Shows the list as it is now, and holds it again if somebody is still there. */
  renew(): void {
    const live = this.#live();
    this.#last = new Map(live.map((row) => [this.#id(row), row]));
    this.#first = null;
    if (this.#shown !== null) this.#shown = live.map(this.#id);
  }

  /** Watches an element that holds the rows. */
  area = (element: HTMLElement): (() => void) => {
    const look = () => {
      const held = this.#pointer || this.#keyboard;
      if (held === (this.#shown !== null)) return;
      const rows = this.#standing.rows.map(this.#id);
      this.#first = null;
      this.#shown = held ? rows : null;
      if (!held) this.#last.clear();
    };
    // A click leaves the focus behind: only the keyboard, or a field that is being written in, holds the list.
    const leave = pointerOn(element, (on) => {
      this.#pointer = on;
      focus();
    });
    const focus = () => {
      this.#keyboard = element.querySelector(":focus-visible") !== null;
      look();
    };
    document.addEventListener("focusin", focus);
    document.addEventListener("focusout", focus);
    return () => {
      leave();
      document.removeEventListener("focusin", focus);
      document.removeEventListener("focusout", focus);
      this.#pointer = this.#keyboard = false;
      this.#shown = this.#first = null;
    };
  };
}

/** Told by where the pointer comes to: a browser tells nobody that it left what was taken away beneath it. */
function pointerOn(element: HTMLElement, tell: (on: boolean) => void): () => void {
  const over = ({ target }: Event) => tell(target instanceof Node && element.contains(target));
  const out = (event: PointerEvent) => event.relatedTarget === null && !inWindow(event) && tell(false);
  document.addEventListener("pointerover", over);
  document.addEventListener("pointerout", out);
  return () => {
    document.removeEventListener("pointerover", over);
    document.removeEventListener("pointerout", out);
  };
}

function inWindow({ clientX: x, clientY: y }: PointerEvent): boolean {
  return x > 0 && y > 0 && x < innerWidth - 1 && y < innerHeight - 1;
}

/** While the pointer is on an element, its parts may grow but not shrink: what is below them would come up under it. */
export function keepHeights(element: HTMLElement, parts: string): () => void {
  let kept: HTMLElement[] = [];
  const keep = (part: HTMLElement) => (part.style.minBlockSize = `${part.getBoundingClientRect().height}px`);
  const observer = new ResizeObserver(() => kept.forEach(keep));
  const release = () => {
    observer.disconnect();
    for (const part of kept) part.style.minBlockSize = "";
    kept = [];
  };
  const leave = pointerOn(element, (on) => {
    if (on === kept.length > 0) return;
    if (!on) return release();
    kept = [...element.querySelectorAll<HTMLElement>(parts)];
    for (const part of kept) {
      keep(part);
      observer.observe(part);
    }
  });
  return () => {
    leave();
    release();
  };
}
