// Requests that a click makes. What goes wrong is told at the foot of the window, in words.

import type { HistoryFilter, Reply, Request } from "../host/contract.generated";
import { problemOf } from "../host/host";
import type { ReplyOf } from "../host/host";
import { problemText, t } from "../messages";
import { toasts } from "../shared/toasts.svelte";
import { app } from "./app.svelte";

/** Asks; `null` after a refusal, which was told. */
export async function act<T extends Reply["type"]>(request: Request, reply: T): Promise<ReplyOf<T> | null> {
  try {
    return await app.ask(request, reply);
  } catch (error) {
    tell(error);
    return null;
  }
}

/** Asks for what may be answered in several ways; `null` after a refusal, which was told. */
export async function answer(request: Request): Promise<Reply | null> {
  try {
    return await app.send(request);
  } catch (error) {
    tell(error);
    return null;
  }
}

/** Asks for something whose answer is shown by the events that follow. */
export async function done(request: Request): Promise<boolean> {
  try {
    await app.send(request);
    return true;
  } catch (error) {
    tell(error);
    return false;
  }
}

/** Keeps somebody under a number, E.164; whether it was done. */
export async function keepContact(number: string, name: string, company: string): Promise<boolean> {
  const kept = await done({ type: "add_contact", number, name, company, note: "" });
  if (kept) toasts.show(t("contact.kept", { name: name || company }));
  return kept;
}

/** Puts a text onto the clipboard; whether it is there. The one way to copy: the page has no right to, once it waited. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await app.desktop.copy(text);
    return true;
  } catch (error) {
    tell(error);
    return false;
  }
}

/** Asks where the calls go and writes them. Said once they are on the disk; a user who wants no file hears nothing. */
export async function exportHistory(filter: HistoryFilter): Promise<void> {
  try {
    const saved = await app.desktop.exportHistory(filter);
    if (saved) toasts.show(t("export.done"), saved.path, "plain", { label: t("export.show"), run: () => void showSaved(saved) });
  } catch (error) {
    tell(error);
  }
}

async function showSaved({ id, path }: { id: number; path: string }): Promise<void> {
  try {
    await app.desktop.showSaved(id);
  } catch (error) {
    // Where it is stays in sight.
    toasts.show(problemText(problemOf(error)).message, path, "bad", { label: t("action.copy"), run: () => void copyText(path) });
  }
}

function tell(error: unknown): void {
  const { message, hint } = problemText(problemOf(error));
  toasts.show(message, hint, "bad");
}

