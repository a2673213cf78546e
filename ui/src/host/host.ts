// What the interface needs of the program around it. `tauri.ts` is the desktop, `mock/` an office inside the browser.

import type { ApiError, Envelope, HistoryFilter, Reply, Request } from "./contract.generated";

export type RequestOf<T extends Request["type"]> = Extract<Request, { type: T }>;
export type ReplyOf<T extends Reply["type"]> = Extract<Reply, { type: T }>;

export interface Host {
  /** Rejects with [`Refused`]. */
  call(request: Request): Promise<Reply>;
  /** Events in order, several at a time. Ends with the window. */
  subscribe(handler: (envelopes: Envelope[]) => void): Promise<void>;
  window: HostWindow;
  /** Where there is one around the window. */
  desktop?: HostDesktop;
}

/** What the desktop does for a page, which has no right to do it itself. */
export interface HostDesktop {
  /** Asks where the calls go and writes them; `null` if the user wants no file after all. */
  exportHistory(filter: HistoryFilter): Promise<SavedFile | null>;
  /** Shows a file that was written here in its folder. */
  showSaved(id: number): Promise<void>;
  /** Puts a text onto the clipboard; done once it is there. */
  copy(text: string): Promise<void>;
  /** Gives the hotkeys back for a while, or takes them again. */
  restHotkeys(rest: boolean): Promise<void>;
}

/** A file that is on the disk. */
export interface SavedFile {
  id: number;
  /** For people. */
  path: string;
}

/** What a window may do to itself; a host without windows does nothing. */
export interface HostWindow {
  /** Lets the pointer that is down carry the window. */
  startDrag(): void;
  /** Fits the card window to its content, CSS pixels. */
  fit(width: number, height: number): void;
  /** Says how high the cards are as they are painted now; 0: there are none, and nothing is to be seen of the window. */
  painted(height: number): void;
  /** Says where in its window the dial palette is, for cards to keep clear of; `null` when it is closed. */
  palette?(place: { x: number; y: number; width: number; height: number } | null): void;
}

/** A request that the app turned down. */
export class Refused extends Error {
  readonly problem: ApiError;

  constructor(problem: ApiError) {
    super(problem.message);
    this.name = "Refused";
    this.problem = problem;
  }
}

/** Anything that was thrown, as a problem that can be shown. */
export function problemOf(error: unknown): ApiError {
  if (error instanceof Refused) return error.problem;
  if (isProblem(error)) return error;
  return { code: "app_unreachable", message: error instanceof Error ? error.message : String(error), hint: "" };
}

export function isProblem(value: unknown): value is ApiError {
  return typeof value === "object" && value !== null && "code" in value && "message" in value;
}

/** Asks and takes the one reply that belongs to the question. */
export async function ask<T extends Reply["type"]>(host: Host, request: Request, reply: T): Promise<ReplyOf<T>> {
  const answer = await host.call(request);
  if (answer.type !== reply) {
    throw new Refused({ code: "app_unreachable", message: `Expected ${reply}, got ${answer.type}.`, hint: "" });
  }
  return answer as ReplyOf<T>;
}
