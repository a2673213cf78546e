// Numbers of two services, and orders in every stage they can be in.

import type { AccountNumbers, AddressDraft, ApiError, NumberJobStage, NumberJobView, OwnNumberView } from "../contract.generated";
import { Refused } from "../host";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const KINDS = ["ALLOCATION_NOTICE", "IDENTITY_CARD", "BUSINESS_LICENSE", "IDENTITY_CARD_AND_BUSINESS_LICENSE", "CERTIFICATE_OF_REGISTRATION", "CONTRACT", "LETTER_OF_THE_MAYOR"];
const TOO_EARLY: ApiError = { code: "refused", message: "The service refused the request: the address is not approved yet (`INVALID_VALUE`).", hint: "Order again once its people have written to you." };

export class MockNumbers {
  jobs: NumberJobView[];
  #next = 100;
  #intents = new Map<string, NumberJobView>();

  constructor(
    private readonly wish: URLSearchParams,
    private readonly say: (job: NumberJobView) => void,
  ) {
    this.jobs = wish.get("orders") === "none" ? [] : everyStage(Date.now());
  }

  numbers(accounts: readonly string[]): AccountNumbers[] {
    const all: AccountNumbers[] = [];
    if (accounts.includes("shop")) all.push({ account: "shop", numbers: ownNumbers(Number(this.wish.get("numbers") ?? 9)), problem: null, orders: false, document_kinds: [] });
    if (accounts.includes("cologne")) all.push({ account: "cologne", numbers: [], problem: null, orders: true, document_kinds: KINDS });
    if (this.wish.has("ill")) {
      for (const it of all.slice(0, 1)) Object.assign(it, { numbers: [], problem: { code: "address_not_allowed", message: "This network’s address is not on the service’s allow-list.", hint: "Ask the service to put this network’s public address on its allow-list." } });
    }
    if (this.wish.has("sellers")) all.push({ account: "shop-2", numbers: ownNumbers(3, "+4930"), problem: null, orders: true, document_kinds: KINDS.slice(0, 2) });
    return all;
  }

  verify(intent: string, account: string, address: AddressDraft): NumberJobView {
    const known = this.#intents.get(intent);
    if (known) return known;
    const subject = `${address.area_code}, ${address.zip} ${address.city}`;
    const job = this.#begin({ account, subject, document_name: address.document_name });
    this.#intents.set(intent, job);
    const manner = this.wish.get("sell");
    if (manner === "refused") return this.#to(job, "failed", { problem: { code: "refused", message: "The service refused the request: `INVALID_VALUE` in `zip`.", hint: "Check the number or the account’s options." } });
    if (manner === "lost") return this.#to(job, "verify_unconfirmed");
    return this.#to(job, "verified", { verification: "6f1b2c9e-52d0-4c1e-9f0e-2f6f0d1c7a11" });
  }

  order(id: number, link_to: string | null): NumberJobView {
    const job = this.#of(id);
    if (job.stage !== "verified") throw new Refused({ code: "conflict", message: "The job is not at its order.", hint: "Read it again." });
    if (this.wish.get("sell") === "early") return this.#to(job, "verified", { problem: TOO_EARLY });
    this.#to(job, "ordering", { problem: null, link_to });
    setTimeout(() => this.#to(job, "ordered", { order: "4711", push: true }), 1500);
    setTimeout(() => this.#to(job, "completed", { brought: ["+49 221 4710815"] }), 9000);
    return job;
  }

  cancel(account: string, number: string): NumberJobView {
    const job = this.#begin({ account, subject: number, kind: "cancel", stage: "cancelling" });
    setTimeout(() => this.#to(job, "cancelled", { brought: ["2026-12-31"] }), 1500);
    return job;
  }

  settle(id: number, taken: boolean, reference: string): NumberJobView {
    const job = this.#of(id);
    if (job.stage === "verify_unconfirmed") return this.#to(job, taken ? "verified" : "failed", taken ? { verification: reference } : {});
    if (job.stage === "order_unconfirmed") return this.#to(job, taken ? "ordered" : "verified", taken ? { order: reference } : {});
    return this.#to(job, taken ? "cancelled" : "failed", taken && reference ? { brought: [reference] } : {});
  }

  arrived(id: number, number: string): NumberJobView {
    return this.#to(this.#of(id), "completed", { brought: [number] });
  }

  drop(id: number): NumberJobView {
    return this.#to(this.#of(id), "dropped");
  }

  #begin(more: Partial<NumberJobView>): NumberJobView {
    const job = { ...jobView(this.#next++, "verifying", "", Date.now()), ...more };
    this.jobs = [job, ...this.jobs];
    this.say(job);
    return job;
  }

  #of(id: number): NumberJobView {
    const job = this.jobs.find((it) => it.id === id);
    if (!job) throw new Refused({ code: "not_found", message: "There is no such order.", hint: "" });
    return job;
  }

  #to(job: NumberJobView, stage: NumberJobStage, more: Partial<NumberJobView> = {}): NumberJobView {
    Object.assign(job, { stage, at: Date.now(), ...more });
    this.say(job);
    return job;
  }
}

export function jobView(id: number, stage: NumberJobStage, subject: string, at: number, more: Partial<NumberJobView> = {}): NumberJobView {
  return {
    id, account: "cologne", kind: "order", stage, subject, document_name: "", by: "Lea Sommer", asked_at: at, at, verification: "", order: "",
    link_to: null, brought: [], push: false, problem: null, ...more,
  };
}

function everyStage(now: number): NumberJobView[] {
  const verification = "6f1b2c9e-52d0-4c1e-9f0e-2f6f0d1c7a11";
  const order = (id: number, stage: NumberJobStage, days: number, subject: string, more: Partial<NumberJobView> = {}) =>
    jobView(id, stage, subject, now - days * DAY, { at: now - days * DAY + 30 * MINUTE, document_name: "Mietvertrag Köln.pdf", verification, ...more });
  return [
    order(12, "verified", 0.1, "221, 50667 Köln", { problem: TOO_EARLY }),
    order(11, "ordered", 1, "30, 10115 Berlin", { order: "4711", push: true, link_to: "+49 221 4710800" }),
    order(10, "ordered", 2, "89, 80331 München", { order: "4690", by: "" }),
    order(9, "verify_unconfirmed", 0.05, "40, 20095 Hamburg", { verification: "" }),
    order(8, "order_unconfirmed", 3, "69, 60311 Frankfurt am Main"),
    order(7, "completed", 4, "711, 70173 Stuttgart", { order: "4650", brought: ["+49 711 4710815"] }),
    order(6, "cancel_unconfirmed", 5, "+49 221 4710899", { kind: "cancel", verification: "", document_name: "" }),
    order(5, "cancelled", 6, "+49 221 4710898", { kind: "cancel", verification: "", document_name: "", brought: ["2026-12-31"] }),
    order(4, "failed", 6, "341, 04109 Leipzig", { verification: "", problem: { code: "refused", message: "The service refused the request: `INVALID_VALUE` in `document_data`.", hint: "Check the number or the account’s options." } }),
    order(3, "dropped", 20, "351, 01067 Dresden"),
    order(2, "completed", 60, "421, 28195 Bremen", { order: "4401", brought: ["+49 421 4710815"] }),
  ];
}

function ownNumbers(count: number, prefix = "+49221"): OwnNumberView[] {
  return Array.from({ length: count }, (_, i) => {
    const end = String(4_710_800 + i);
    const range = i === 3;
    return {
      account: prefix === "+49221" ? "shop" : "shop-2",
      written: range ? `0221${end}-99` : `0221${end}`,
      number: range ? null : `${prefix}${end}`,
      shown: range ? `0221 ${end}-99` : `${prefix.replace(/^(\+\d\d)/, "$1 ")} ${end}`,
      id: i % 2 === 0 ? String(90_210 + i) : "",
    };
  });
}
