// Keeps a model true: subscribes, takes the snapshot, puts events in, and takes the snapshot again after a gap.

import type { Envelope } from "../host/contract.generated";
import { type Host, ask } from "../host/host";
import { type Model, type Topic, TOPICS, apply, modelOf } from "./model";

export interface Listener {
  /** The model or parts of it changed; `null` while there is none. */
  changed(model: Model, touched: ReadonlySet<Topic>): void;
  /** Every event, once and in order, for what does not stay in the model. */
  event(event: Envelope): void;
  /** The app does not answer. It is asked again by itself. */
  unreachable(error: unknown): void;
  /** A snapshot came: its clock, the app's. */
  clock(now: number): void;
}

export interface Pace {
  /** Runs something before the next painting; several requests become one. */
  frame(run: () => void): void;
  later(run: () => void, ms: number): void;
}

/** Events held back while a snapshot is under way; more are dropped, for the snapshot will be newer. */
const HELD = 5_000;

export class Session {
  #model: Model | null = null;
  #waiting: Envelope[] = [];
  #asking = false;
  #tries = 0;
  #touched = new Set<Topic>();
  #framed = false;

  constructor(
    private readonly host: Host,
    private readonly listener: Listener,
    private readonly pace: Pace,
  ) {}

  async start(): Promise<void> {
    try {
      await this.host.subscribe((events) => this.#take(events));
    } catch (error) {
      this.listener.unreachable(error);
      this.pace.later(() => void this.start(), 1000);
      return;
    }
    this.#resync();
  }

  #take(events: Envelope[]): void {
    for (const event of events) {
      if (this.#asking || !this.#model) this.#hold(event);
      else this.#put(this.#model, event);
    }
    this.#flush();
  }

  #hold(event: Envelope): void {
    if (this.#waiting.length < HELD) this.#waiting.push(event);
  }

  #put(model: Model, event: Envelope): void {
    const step = apply(model, event, this.#touched);
    if (step === "applied") this.listener.event(event);
    if (step !== "gap") return;
    // A resync needs no place in the order: whatever comes after it is kept until the snapshot is there.
    if (event.type !== "resync") this.#hold(event);
    this.#resync();
  }

  #resync(): void {
    if (this.#asking) return;
    this.#asking = true;
    const wait = this.#tries === 0 ? 0 : Math.min(5000, 125 * 2 ** this.#tries);
    if (wait === 0) void this.#snapshot();
    else this.pace.later(() => void this.#snapshot(), wait);
  }

  async #snapshot(): Promise<void> {
    this.#tries += 1;
    try {
      const { snapshot } = await ask(this.host, { type: "snapshot" }, "snapshot");
      this.listener.clock(snapshot.now);
      this.#model = modelOf(snapshot);
    } catch (error) {
      this.#asking = false;
      this.listener.unreachable(error);
      this.#resync();
      return;
    }
    this.#asking = false;
    for (const topic of TOPICS) this.#touched.add(topic);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const event of waiting) {
      if (this.#asking) this.#hold(event);
      else this.#put(this.#model, event);
    }
    if (!this.#asking) this.#tries = 0;
    this.#flush();
  }

  #flush(): void {
    if (this.#framed || this.#touched.size === 0) return;
    this.#framed = true;
    this.pace.frame(() => {
      this.#framed = false;
      const touched = this.#touched;
      this.#touched = new Set();
      if (this.#model) this.listener.changed(this.#model, touched);
    });
  }
}
