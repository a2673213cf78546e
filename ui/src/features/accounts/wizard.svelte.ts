// An account on its way in: what was typed, and what the test found so far.

import type { AccountDraft, AccountKind, ApiError, ExtensionView, Field, Finding } from "../../host/contract.generated";
import { problemOf } from "../../host/host";
import { app } from "../../model/app.svelte";
import { uniqueId } from "../../shared/settle";

export type WizardStep = "kind" | "details" | "mine";

const OWN_FIELDS = new Set(["username", "secret", "base_url"]);

export class WizardState {
  step = $state<WizardStep>("kind");
  kinds = $state.raw<AccountKind[]>([]);
  kind = $state.raw<AccountKind | null>(null);
  values = $state<Record<string, string>>({});
  id = $state("");
  region = $state(app.settings?.region ?? "DE");
  /** One's own lines: typed where the account lists none, picked where it does. */
  typed = $state("");
  picked = $state.raw<readonly string[]>([]);
  sessionOnly = $state(false);
  findings = $state.raw<Finding[]>([]);
  /** Whom the tested account lists; nobody as long as that is not known. */
  extensions = $state.raw<ExtensionView[]>([]);
  testing = $state(false);
  adding = $state(false);
  problem = $state.raw<ApiError | null>(null);
  #test = "";
  /** What was typed for the other services, should the user go back to one. */
  #typed = new Map<AccountKind, { values: Record<string, string>; id: string; region: string }>();

  /** The test went through: nothing that is needed was refused. */
  get passed(): boolean {
    const last = this.findings.at(-1);
    return last?.step === "done" && last.verdict !== "fails";
  }

  /** The test came to its end, and did not go through. */
  get tested(): boolean {
    return this.findings.length > 0 && !this.testing && !this.passed;
  }

  /** What is to be filled in: a token is its own name. */
  get fields(): readonly Field[] {
    const login = this.values["login"] || this.kind?.fields.find((field) => field.name === "login")?.choices[0];
    const named = login !== "token" && login !== "none";
    return this.kind?.fields.filter((field) => field.name !== "login_name" || named) ?? [];
  }

  get mine(): string[] {
    if (this.extensions.length === 0) return this.typed.split(/[\s,;]+/).filter(Boolean);
    return this.picked.filter((extension) => this.extensions.some((it) => it.extension === extension));
  }

  get complete(): boolean {
    return Boolean(this.id.trim()) && (this.kind !== null && this.fields.every((field) => !field.required || this.values[field.name]?.trim()));
  }

  /** Whether the secret cannot be kept on this computer. */
  get noKeyStore(): boolean {
    return this.problem?.code.startsWith("key_store") ?? false;
  }

  start(): () => void {
    void this.#load();
    return app.listen((event) => {
      if (event.type === "test_extensions" && event.test === this.#test) this.extensions = event.extensions;
      if (event.type !== "finding" || event.test !== this.#test) return;
      this.findings = [...this.findings, event.finding];
      if (event.finding.step === "done") this.testing = false;
    });
  }

  choose(kind: AccountKind): void {
    this.step = "details";
    if (this.kind === kind) return;
    if (this.kind) this.#typed.set(this.kind, { values: this.values, id: this.id, region: this.region });
    const typed = this.#typed.get(kind);
    this.kind = kind;
    this.values = typed?.values ?? Object.fromEntries(kind.fields.map((field: Field) => [field.name, ""]));
    this.id = typed?.id ?? freeName(kind.name, new Set(app.accounts.map((account) => account.id)));
    this.region = typed?.region ?? kind.region ?? app.settings?.region ?? "DE";
    this.changed();
  }

  /** What was found no longer speaks of what is typed. */
  changed(): void {
    this.findings = [];
    this.extensions = [];
    this.problem = null;
    this.testing = false;
    this.#test = "";
  }

  async test(): Promise<void> {
    this.changed();
    this.testing = true;
    const test = (this.#test = uniqueId());
    try {
      await app.send({ type: "test_account", test, draft: this.draft() });
    } catch (error) {
      if (this.#test !== test) return;
      this.testing = false;
      this.problem = problemOf(error);
    }
  }

  async add(): Promise<boolean> {
    this.adding = true;
    try {
      await app.send({ type: "add_account", draft: this.draft() });
      return true;
    } catch (error) {
      this.problem = problemOf(error);
      return false;
    } finally {
      this.adding = false;
    }
  }

  draft(): AccountDraft {
    const value = (name: string) => this.values[name]?.trim() || null;
    const hidden = this.kind?.fields.filter((field) => !this.fields.includes(field)).map((field) => field.name) ?? [];
    const options = Object.entries(this.values).filter(([name, text]) => !OWN_FIELDS.has(name) && !hidden.includes(name) && text.trim());
    return {
      id: this.id.trim(),
      provider: this.kind?.name ?? "",
      base_url: value("base_url"),
      username: value("username"),
      secret: this.values["secret"] ?? "",
      options: Object.fromEntries(options.map(([name, text]) => [name, text.trim()])),
      region: this.region,
      mine: this.mine,
      session_only: this.sessionOnly,
    };
  }

  async #load(): Promise<void> {
    try {
      this.kinds = (await app.ask({ type: "account_kinds" }, "account_kinds")).kinds;
    } catch (error) {
      this.problem = problemOf(error);
    }
  }
}

/** `nfon`, `nfon-2` … */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  let number = 2;
  while (taken.has(`${name}-${number}`)) number += 1;
  return `${name}-${number}`;
}
