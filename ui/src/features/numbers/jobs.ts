// An undertaking with numbers in words: where it stands, on whom it waits, and what somebody here can do about it.

import type { NumberJobStage, NumberJobView } from "../../host/contract.generated";
import { t } from "../../messages";
import { app } from "../../model/app.svelte";

/** `lost`: whether it happened is not known. */
export type StepState = "done" | "now" | "waiting" | "lost" | "failed" | "ahead";
export type StepName = "address" | "approval" | "order" | "number" | "sent" | "taken";
export interface Step {
  name: StepName;
  state: StepState;
}

export type Tone = "plain" | "waiting" | "good" | "alarm" | "over";

/** What can be done at a job by hand. */
export type Way = "order" | "settle" | "arrived" | "close";

const ENDED: ReadonlySet<NumberJobStage> = new Set(["completed", "cancelled", "dropped"]);
/** How long what ended well stays among what is under way, milliseconds. */
const FRESH = 7 * 86_400_000;

/** Whether it still waits for something, or for somebody to see that it failed. */
export const isOpen = (job: NumberJobView): boolean => !ENDED.has(job.stage);

/** Whether it belongs to the present: what is open, and what ended well a few days ago. */
export const isPresent = (job: NumberJobView, now: number): boolean => isOpen(job) || (job.stage !== "dropped" && now - job.at < FRESH);

/** A request is under way. */
export const isSending = (job: NumberJobView): boolean =>
  job.stage === "verifying" || job.stage === "ordering" || job.stage === "cancelling";

export const isLost = (job: NumberJobView): boolean => job.stage.endsWith("_unconfirmed");

export function toneOf(job: NumberJobView): Tone {
  if (job.stage === "failed" || isLost(job)) return "alarm";
  if (job.stage === "completed") return "good";
  if (job.stage === "dropped" || job.stage === "cancelled") return "over";
  return isSending(job) ? "plain" : "waiting";
}

const ORDER: readonly StepName[] = ["address", "approval", "order", "number"];
const CANCEL: readonly StepName[] = ["sent", "taken"];

/** The way of an undertaking, and how far it came; nothing of one that was closed. */
export function stepsOf(job: NumberJobView): Step[] {
  if (job.stage === "dropped") return [];
  const names = job.kind === "order" ? ORDER : CANCEL;
  const [at, state] = placeOf(job);
  return names.map((name, i) => ({ name, state: i < at ? "done" : i === at ? state : "ahead" }));
}

/** The step it is at, and how that one does. */
function placeOf(job: NumberJobView): [number, StepState] {
  switch (job.stage) {
    case "verifying":
    case "cancelling":
      return [0, "now"];
    case "verified":
      return [1, "waiting"];
    case "ordering":
      return [2, "now"];
    case "ordered":
      return [3, "waiting"];
    case "completed":
      return [4, "done"];
    case "cancelled":
      return [2, "done"];
    case "verify_unconfirmed":
    case "cancel_unconfirmed":
      return [0, "lost"];
    case "order_unconfirmed":
      return [2, "lost"];
    case "failed":
    case "dropped":
      return [job.kind === "cancel" || !job.verification ? 0 : job.order ? 3 : 2, "failed"];
  }
}

/** The service as its vendor writes it, else the account as the user does. */
export const serviceOf = (job: Pick<NumberJobView, "account">): string => app.account(job.account)?.title || job.account;

export const titleOf = (job: NumberJobView): string => t(`job.title.${job.kind}`, { subject: job.subject });

/** What is awaited, and from whom. */
export function awaitedText(job: NumberJobView): string {
  const service = serviceOf(job);
  if (job.stage === "ordered") return t(job.push ? "job.ordered_push" : "job.ordered", { service });
  if (job.stage === "cancelled") {
    const day = job.brought.join(", ");
    return day ? t("job.cancelled_day", { service, day }) : t("job.cancelled", { service });
  }
  if (job.stage === "failed") return t(job.kind === "order" ? "job.failed" : "job.failed_cancel");
  return t(`job.${job.stage}`, { service });
}

/** Whether it goes no further until somebody here does something. */
export const isDue = (job: NumberJobView): boolean => isLost(job) || job.stage === "verified" || (job.stage === "ordered" && !job.push);

/** What somebody here can do; the first is what may be due. */
export function waysOf(job: NumberJobView): Way[] {
  if (isLost(job)) return ["settle", "close"];
  if (job.stage === "verified") return ["order", "close"];
  if (job.stage === "ordered") return ["arrived", "close"];
  return job.stage === "failed" ? ["close"] : [];
}

/** Puts a job where it belongs, newest first; one that is there already is replaced. */
export function upsert(jobs: readonly NumberJobView[], job: NumberJobView): NumberJobView[] {
  const at = jobs.findIndex((it) => it.id === job.id);
  if (at >= 0) return jobs.with(at, job);
  const place = jobs.findIndex((it) => it.id < job.id);
  return place < 0 ? [...jobs, job] : jobs.toSpliced(place, 0, job);
}
