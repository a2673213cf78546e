// The model as the interface sees it. One a window.

import type {
  AccountView,
  ApiEvent,
  DialView,
  Envelope,
  LegView,
  LineView,
  Notice,
  Reply,
  Request,
  ScenarioView,
  SettingsView,
} from "../host/contract.generated";

import { type Host, type HostDesktop, type ReplyOf, ask } from "../host/host";
import { clock } from "../shared/clock.svelte";
import { BoardIndex } from "./board-index";
import type { Model, Topic } from "./model";
import { Session } from "./session";

type Handler = (event: ApiEvent) => void;

/** Some two milliseconds of work. */
const PREPARED_AT_ONCE = 500;

export class App {
  #host: Host | null = null;
  #handlers = new Set<Handler>();

  /** There is a snapshot to show. */
  ready = $state(false);
  /** How many snapshots came. What is not in one is asked for again after each: events before it may be lost. */
  snapshots = $state(0);
  /** The app does not answer; what is shown is the last that it said. */
  lost = $state(false);
  version = $state.raw("");
  /** The user's name on this computer, as claims show it. */
  user = $state.raw("");
  accounts = $state.raw<AccountView[]>([]);
  legs = $state.raw<LegView[]>([]);
  dials = $state.raw<DialView[]>([]);
  scenarios = $state.raw<ScenarioView[]>([]);
  notices = $state.raw<Notice[]>([]);
  settings = $state.raw<SettingsView | null>(null);
  openCallbacks = $state(0);

  /** All lines. Not reactive: read `linesVersion` beside it. */
  lines: ReadonlyMap<string, LineView> = new Map();
  linesVersion = $state(0);
  readonly board = new BoardIndex();

  start(host: Host): void {
    this.#host = host;
    const session = new Session(
      host,
      {
        changed: (model, touched) => this.#changed(model, touched),
        event: (event) => this.#event(event),
        unreachable: () => (this.lost = true),
        clock: (now) => {
          clock.offset = now - Date.now();
          this.snapshots += 1;
        },
      },
      { frame: (run) => nextFrame(run), later: (run, ms) => setTimeout(run, ms) },
    );
    void session.start();
  }

  get window() {
    return this.#host?.window;
  }

  ask<T extends Reply["type"]>(request: Request, reply: T): Promise<ReplyOf<T>> {
    if (!this.#host) throw new Error("not started");
    return ask(this.#host, request, reply);
  }

  /** Asks for something whose answer is shown by the events that follow. */
  send(request: Request): Promise<Reply> {
    if (!this.#host) throw new Error("not started");
    return this.#host.call(request);
  }

  /** What the desktop does for the window. */
  get desktop(): HostDesktop {
    const desktop = this.#host?.desktop;
    if (!desktop) throw new Error("there is no desktop");
    return desktop;
  }

  /** Hears every event; returns how to stop. */
  listen(handler: Handler): () => void {
    this.#handlers.add(handler);
    return () => this.#handlers.delete(handler);
  }

  get myLines(): LineView[] {
    void this.linesVersion;
    return [...this.lines.values()].filter((line) => line.mine);
  }

  account(id: string): AccountView | undefined {
    return this.accounts.find((account) => account.id === id);
  }

  #changed(model: Model, touched: ReadonlySet<Topic>): void {
    this.lost = false;
    this.version = model.version;
    this.user = model.user;
    if (touched.has("accounts")) this.accounts = [...model.accounts.values()];
    if (touched.has("legs")) this.legs = [...model.legs.values()];
    if (touched.has("dials")) this.dials = [...model.dials.values()];
    if (touched.has("scenarios")) this.scenarios = [...model.scenarios.values()];
    if (touched.has("notices")) this.notices = [...model.notices.values()];
    if (touched.has("settings")) this.settings = model.settings;
    if (touched.has("lines")) {
      this.lines = model.lines;
      this.board.update(model.lines);
      this.linesVersion += 1;
    }
    if (this.ready) return;
    this.openCallbacks = model.openCallbacks;
    this.ready = true;
    this.#reportShown();
  }

  /** Two frames later the first view has been painted. */
  #reportShown(): void {
    nextFrame(() =>
      nextFrame(() => {
        void this.send({ type: "measured", name: "board_shown", ms: performance.now() }).catch(() => undefined);
        this.#prepareSearch();
      }),
    );
  }

  /** A little at a time, so that neither a click nor the first key waits for it. */
  #prepareSearch(): void {
    if (this.board.prepare(PREPARED_AT_ONCE)) setTimeout(() => this.#prepareSearch(), 30);
  }

  #event(event: Envelope): void {
    for (const handler of this.#handlers) handler(event);
  }
}

/** Before the next painting, or soon where nothing is painted. */
function nextFrame(run: () => void): void {
  if (document.hidden) setTimeout(run, 100);
  else requestAnimationFrame(run);
}

export const app = new App();

