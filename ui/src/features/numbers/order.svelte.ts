// An order on its way in: the address that was typed and the document that proves it.

import type { AccountNumbers, ApiError, ApiEvent, NumberJobView } from "../../host/contract.generated";
import { problemOf } from "../../host/host";
import { app } from "../../model/app.svelte";
import { base64 } from "../../shared/files";
import { uniqueId } from "../../shared/settle";
import { HEAD, type Unfit, unfit } from "./document";

export interface Paper {
  name: string;
  size: number;
  /** Base64. */
  data: string;
}

/** The fields that are typed, in the order in which an address is written. */
export const TYPED = ["street", "house_number", "zip", "city", "area_code"] as const;
export type Typed = (typeof TYPED)[number];

const LONGEST_AREA_CODE = 8;

/** The area code as services want it: as people write it, but without the 0 in front and what stands between digits. */
export function areaCode(text: string): string {
  return text.replace(/[\s()/-]/g, "").replace(/^0(?!0)/, "");
}

/** What is wrong with an area code as far as it is typed; `null` when nothing is. */
export function areaCodeProblem(text: string): "zero" | "digits" | "long" | null {
  const code = areaCode(text);
  if (/^(0|\+)/.test(code)) return "zero";
  if (/\D/.test(code)) return "digits";
  return code.length > LONGEST_AREA_CODE ? "long" : null;
}

/** Where to look after a refusal: the service names its fields in brackets, and Ringside in words. */
export function refusedField(message: string): Typed | "document" | null {
  const words = message.toLowerCase();
  const named: [Typed | "document", RegExp][] = [
    ["document", /document|\bpdf\b/],
    ["area_code", /area[_ ]code/],
    ["house_number", /house[_ ]number/],
    ["zip", /\bzip\b|post ?code/],
    ["street", /street/],
    ["city", /\bcity\b/],
  ];
  return named.find(([, sign]) => sign.test(words))?.[0] ?? null;
}

export class OrderState {
  account = $state("");
  /** ISO 3166 region. */
  region = $state("DE");
  values = $state<Record<Typed, string>>({ street: "", house_number: "", zip: "", city: "", area_code: "" });
  kind = $state("");
  paper = $state.raw<Paper | null>(null);
  unfit = $state.raw<Unfit | null>(null);
  reading = $state(false);
  sending = $state(false);
  problem = $state.raw<ApiError | null>(null);
  /** What is sent under this name is sent once, however often it is asked for. */
  #intent = uniqueId();
  #job: number | null = null;
  #turn = 0;

  constructor(
    readonly accounts: readonly AccountNumbers[],
    private readonly ondone: (job: NumberJobView) => void,
  ) {
    this.region = app.settings?.region || "DE";
    this.choose(accounts[0]?.account ?? "");
  }

  get kinds(): readonly string[] {
    return this.accounts.find((it) => it.account === this.account)?.document_kinds ?? [];
  }

  get complete(): boolean {
    const filled = TYPED.every((name) => this.values[name].trim());
    return Boolean(filled && this.account && this.kind && this.paper && !areaCodeProblem(this.values.area_code));
  }

  choose(account: string): void {
    this.account = account;
    if (!this.kinds.includes(this.kind)) this.kind = this.kinds[0] ?? "";
  }

  /** Looks a file over and reads it; one that is no PDF is not taken, and the one before it is let go. */
  async take(file: File): Promise<void> {
    const mine = ++this.#turn;
    this.paper = null;
    this.unfit = null;
    this.reading = true;
    try {
      const head = new Uint8Array(await file.slice(0, HEAD).arrayBuffer());
      const bad = unfit(head, file.size);
      const data = bad ? "" : await base64(file);
      if (mine !== this.#turn) return;
      this.unfit = bad;
      if (!bad) this.paper = { name: file.name, size: file.size, data };
    } catch {
      if (mine === this.#turn) this.unfit = "unreadable";
    } finally {
      if (mine === this.#turn) this.reading = false;
    }
  }

  /** Hears how the step that was sent does, where its reply came before its end. */
  start(): () => void {
    return app.listen((event: ApiEvent) => {
      if (event.type === "number_job" && event.job.id === this.#job) this.#follow(event.job);
    });
  }

  async send(): Promise<void> {
    if (this.sending || !this.complete || !this.paper) return;
    this.sending = true;
    this.problem = null;
    const { name, data } = this.paper;
    const typed = Object.fromEntries(TYPED.map((field) => [field, this.values[field].trim()])) as Record<Typed, string>;
    typed.area_code = areaCode(typed.area_code);
    const address = { ...typed, country: countryName(this.region, "en"), document_kind: this.kind, document_name: name, document: data };
    try {
      const { job } = await app.ask({ type: "verify_address", intent: this.#intent, account: this.account, address }, "number_job");
      this.#job = job.id;
      this.#follow(job);
    } catch (error) {
      // Refused before anything was begun, or the answer was lost on this computer: the same name keeps it single.
      this.problem = problemOf(error);
      this.sending = false;
    }
  }

  #follow(job: NumberJobView): void {
    if (job.stage === "verifying") return;
    if (job.stage !== "failed") {
      this.ondone(job);
      return;
    }
    // That undertaking is over. What was typed stays, and what is sent next is a new one.
    this.problem = job.problem;
    this.#intent = uniqueId();
    this.#job = null;
    this.sending = false;
  }
}

/** A country in a language. */
export function countryName(region: string, tag: string): string {
  return new Intl.DisplayNames([tag], { type: "region", fallback: "code" }).of(region) ?? region;
}

/** Countries whose numbers such services have, by ISO 3166; the user's own is added where it is another. */
export function countries(own: string, tag: string): { region: string; name: string }[] {
  const usual = ["AT", "BE", "BG", "CA", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR", "HU", "IE", "IL", "IT",
    "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK", "US"];
  const regions = /^[A-Z]{2}$/.test(own) ? [...new Set([...usual, own])] : usual;
  return regions.map((region) => ({ region, name: countryName(region, tag) })).sort((a, b) => a.name.localeCompare(b.name, tag));
}
