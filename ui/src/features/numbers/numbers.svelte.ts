// What of the numbers and their orders was read, and what of it is shown.

import type { AccountNumbers, ApiError, NumberJobView, OwnNumberView } from "../../host/contract.generated";
import { problemOf } from "../../host/host";
import { app } from "../../model/app.svelte";
import { clock } from "../../shared/clock.svelte";
import { isOpen, isPresent, upsert } from "./jobs";

export type Tab = "numbers" | "orders";

export type NumberRow =
  | { kind: "head"; key: string; account: string; title: string; count: number }
  | { kind: "number"; key: string; number: OwnNumberView; orders: boolean };

export class NumbersState {
  text = $state("");
  /** What somebody chose; before that, what was more worth seeing when both had been read. */
  chosen = $state<Tab | null>(null);
  accounts = $state.raw<readonly AccountNumbers[] | null>(null);
  jobs = $state.raw<readonly NumberJobView[] | null>(null);
  /** Why the numbers or the orders could not be asked for. */
  problem = $state.raw<ApiError | null>(null);
  reading = $state(false);
  #turn = 0;

  /** Some account can order numbers and give them back. */
  orders = $derived(app.accounts.some((account) => account.capabilities.includes("number_orders")) || (this.jobs?.length ?? 0) > 0);
  /** Those that can be ordered from now. */
  sellers = $derived((this.accounts ?? []).filter((it) => it.orders));
  count = $derived((this.accounts ?? []).reduce((sum, it) => sum + it.numbers.length, 0));
  open = $derived((this.jobs ?? []).filter(isOpen).length);
  tab = $derived(this.orders ? (this.chosen ?? "numbers") : "numbers");
  rows = $derived(rowsOf(this.accounts ?? [], this.text, (id) => app.account(id)?.title ?? ""));

  /** Those that belong to the present, and the earlier ones. */
  get parted(): { present: NumberJobView[]; earlier: NumberJobView[] } {
    const now = clock.read();
    const jobs = this.jobs ?? [];
    return { present: jobs.filter((job) => isPresent(job, now)), earlier: jobs.filter((job) => !isPresent(job, now)) };
  }

  listen(): () => void {
    return app.listen((event) => {
      if (event.type === "number_job") this.took(event.job);
    });
  }

  took(job: NumberJobView): void {
    this.jobs = upsert(this.jobs ?? [], job);
  }

  /** Reads both; what was read before stays until then. */
  async load(): Promise<void> {
    const mine = ++this.#turn;
    this.reading = true;
    const [numbers, jobs] = await Promise.allSettled([
      app.ask({ type: "numbers", account: null }, "numbers"),
      app.ask({ type: "number_jobs" }, "number_jobs"),
    ]);
    if (mine !== this.#turn) return;
    this.reading = false;
    if (numbers.status === "fulfilled") this.accounts = numbers.value.accounts;
    if (jobs.status === "fulfilled") this.jobs = jobs.value.jobs;
    this.chosen ??= this.open > 0 || this.count === 0 ? "orders" : "numbers";
    const refused = [numbers, jobs].find((it) => it.status === "rejected");
    this.problem = refused ? problemOf(refused.reason) : null;
  }
}

/** The numbers that match, under their accounts. Digits match however they are parted. */
export function rowsOf(accounts: readonly AccountNumbers[], text: string, title: (account: string) => string): NumberRow[] {
  const query = text.trim().toLowerCase();
  const digits = query.replace(/[\s()/.+-]/g, "").replace(/^00/, "");
  const byDigits = /^\d+$/.test(digits);
  const matches = (number: OwnNumberView) =>
    !query ||
    `${number.shown} ${number.written} ${number.id}`.toLowerCase().includes(query) ||
    (byDigits && `${number.number ?? ""} ${number.written.replace(/\D/g, "")}`.includes(digits.replace(/^0/, "")));
  return accounts.flatMap((it) => {
    const found = it.numbers.filter(matches);
    if (found.length === 0) return [];
    const head: NumberRow = { kind: "head", key: `h ${it.account}`, account: it.account, title: title(it.account), count: found.length };
    return [head, ...found.map((number, i): NumberRow => ({ kind: "number", key: `${it.account} ${number.id} ${number.written} ${i}`, number, orders: it.orders }))];
  });
}
