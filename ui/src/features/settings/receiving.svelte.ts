// How the receiver does, and what its test found.

import type { ApiError, Finding, ReceiverSettings, ReceiverView } from "../../host/contract.generated";
import { problemOf } from "../../host/host";
import { app } from "../../model/app.svelte";
import { change } from "./settings.svelte";

export class ReceivingState {
  view = $state.raw<ReceiverView | null>(null);
  /** Why it could not be asked. */
  problem = $state.raw<ApiError | null>(null);
  findings = $state.raw<readonly Finding[]>([]);
  testing = $state(false);

  listen(): () => void {
    return app.listen((event) => {
      if (event.type === "receiver") this.view = event.receiver;
    });
  }

  async load(): Promise<void> {
    try {
      this.view = (await app.ask({ type: "receiver" }, "receiver")).receiver;
      this.problem = null;
    } catch (error) {
      this.problem = problemOf(error);
    }
  }

  /** What was found no longer speaks of what is set. */
  set(part: Partial<ReceiverSettings>): void {
    const receiver = app.settings?.receiver;
    if (!receiver) return;
    this.findings = [];
    change({ receiver: { ...receiver, ...part } });
  }

  async test(): Promise<void> {
    this.testing = true;
    this.findings = [];
    try {
      this.findings = (await app.ask({ type: "test_receiver" }, "findings")).findings;
      this.problem = null;
    } catch (error) {
      this.problem = problemOf(error);
    } finally {
      this.testing = false;
    }
  }
}

/** What is wrong with an address to listen at; `null` when nothing is. */
export function listenProblem(text: string): "form" | "port" | null {
  const port = /^(?:\[[0-9a-f:.]+\]|[^\s:/]+):(\d{1,5})$/i.exec(text.trim())?.[1];
  if (!port) return "form";
  return Number(port) >= 1 && Number(port) <= 65_535 ? null : "port";
}

/** Whether others than this computer can reach it there. */
export function isOpenToOthers(listen: string): boolean {
  return !/^(127\.|localhost:|\[::1\]:)/i.test(listen.trim());
}

/** What is wrong with a public address; `null` when nothing is, or it is empty. */
export function publicProblem(text: string): "form" | "plain" | null {
  const url = text.trim();
  if (!url || /^https:\/\/[^\s/?#]+/i.test(url)) return null;
  return /^http:\/\/[^\s/?#]+/i.test(url) ? "plain" : "form";
}
