// The pages behind the board. They are read when they are first gone to, or once the board stands and nothing is asked.

import { words } from "../messages";

/** A part of the interface that is read on its own. */
export class Later<C> {
  /** What was read; `null` until then. */
  component = $state.raw<C | null>(null);
  #load: () => Promise<{ default: C }>;
  #reading: Promise<void> | null = null;

  constructor(load: () => Promise<{ default: C }>) {
    this.#load = load;
  }

  /** Reads it once; after a failure the next call tries again. */
  read(): Promise<void> {
    this.#reading ??= this.#load().then(
      (module) => void (this.component = module.default),
      () => void (this.#reading = null),
    );
    return this.#reading;
  }
}

/** A page and the words behind those of the start. */
const page = <C>(load: () => Promise<{ default: C }>) =>
  new Later(async () => {
    const [module] = await Promise.all([load(), words.complete()]);
    return module;
  });

export const pages = {
  history: page(() => import("../features/history/HistoryPage.svelte")),
  calls: page(() => import("../features/calls/CallsPage.svelte")),
  contacts: page(() => import("../features/contacts/ContactsPage.svelte")),
  scenarios: page(() => import("../features/scenarios/ScenariosPage.svelte")),
  numbers: page(() => import("../features/numbers/NumbersPage.svelte")),
  accounts: page(() => import("../features/accounts/AccountsPage.svelte")),
  diagnostics: page(() => import("../features/diagnostics/DiagnosticsPage.svelte")),
  settings: page(() => import("../features/settings/SettingsPage.svelte")),
  wizard: page(() => import("../features/accounts/Wizard.svelte")),
  keys: page(() => import("./KeySheet.svelte")),
};

export type PageName = keyof typeof pages;

/** Long enough after the first picture that the board has its rows and its first events. */
const QUIET = 1500;

/** Reads every page, one after the other, so that none is waited for when it is gone to. Returns how to stop. */
export function readAhead(quiet = QUIET): () => void {
  let stopped = false;
  const timer = setTimeout(async () => {
    for (const page of Object.values(pages)) {
      if (stopped) return;
      await page.read();
    }
  }, quiet);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
