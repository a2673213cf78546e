// Who is listed, and what an import asks and says.

import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ContactView, ImportReport, Reply, Request } from "../../host/contract.generated";
import type { Host } from "../../host/host";
import { words } from "../../messages";
import { app } from "../../model/app.svelte";
import { snapshot } from "../../model/fixtures";
import { menu } from "../../shared/menu.svelte";
import ContactsPage from "./ContactsPage.svelte";
import { itemsOf, leftOutText } from "./contacts";

const contact = (name: string, similar = false): ContactView => {
  return { id: name, name, company: "", numbers: ["+4922166966966"], numbers_shown: ["+49 221 66966966"], source: "csv:customers", vip: false, note: "", initial: name.charAt(0), similar };
};
const REPORT: ImportReport = {
  source: "csv:customers",
  contacts: 1,
  numbers: 1,
  skipped: [{ line: 3, column: "", text: "", code: "no_number", reason: "There is no telephone number." }],
  skipped_total: 1,
  unread: [{ line: 2, column: "Mobil", text: "4,91716E+12", code: "number_has_letters", reason: "A number with letters can't be dialled." }],
  unread_total: 1,
  columns: [
    { heading: "Name", holds: "name" },
    { heading: "Kunden-Nummer", holds: null },
  ],
  cut: false,
  sample: "Jörg",
};

const PATIENCE = { timeout: 4_000 };

let asked: Request[] = [];
let contacts: Reply;
let shown: Record<string, unknown> | undefined;

const host: Host = {
  async call(request): Promise<Reply> {
    asked.push(request);
    if (request.type === "snapshot") return { type: "snapshot", snapshot: snapshot([], 0) };
    if (request.type === "contacts") return contacts;
    if (request.type === "import_contacts") {
      return request.replace ? { type: "import", report: REPORT } : { type: "import_question", question: { standing: 7412, kept: 1, numbers_standing: 9120, numbers_kept: 1, report: REPORT } };
    }
    return { type: "done" };
  },
  subscribe: async () => undefined,
  window: { startDrag() {}, fit() {}, painted() {} },
};

const find = (testid: string) => document.querySelector<HTMLElement>(`[data-testid=${testid}]`);
const texts = (testid: string) => [...document.querySelectorAll(`[data-testid=${testid}]`)].map((it) => it.textContent?.trim());
const imports = () => asked.filter((request) => request.type === "import_contacts");

async function open() {
  shown = mount(ContactsPage, { target: document.body, props: { ondial: () => undefined } });
  await vi.waitFor(() => expect(find("contact") ?? find("empty")).not.toBeNull(), PATIENCE);
}

async function choose() {
  const picker = find("contacts-file") as HTMLInputElement;
  // jsdom's files cannot be read.
  const file = Object.assign(new File(["Name;Telefon\n"], "customers.csv"), { arrayBuffer: async () => new ArrayBuffer(4) });
  Object.defineProperty(picker, "files", { value: [file], configurable: true });
  picker.dispatchEvent(new Event("change", { bubbles: true }));
  await vi.waitFor(() => expect(find("import-question")).not.toBeNull(), PATIENCE);
}

beforeEach(async () => {
  asked = [];
  document.body.replaceChildren();
  contacts = { type: "contacts", contacts: ["Anna", "Ayşe", "Bert"].map((name) => contact(name)), total: 7412, sources: [{ source: "csv:customers", contacts: 7412 }] };
  await words.choose("en");
  app.start(host);
  await vi.waitFor(() => expect(app.ready).toBe(true));
});

afterEach(async () => {
  if (shown) await unmount(shown);
  shown = undefined;
});

describe("the list", () => {
  it("shows everybody under initials, with how many there are", async () => {
    await open();
    expect(texts("contact-initial")).toEqual(["A", "B"]);
    expect(texts("contact")).toHaveLength(3);
    expect(texts("contacts-count")).toEqual(["Showing 3 of 7,412"]);
    expect(document.body.textContent).not.toContain("No contacts yet");
  });

  it("has a menu at a name, with the numbers of the contact", async () => {
    await open();
    find("contact")!.querySelector(".name")!.dispatchEvent(new MouseEvent("contextmenu", { bubbles: true, cancelable: true, button: 2 }));
    expect(menu.open?.items.map((it) => it.label)).toEqual(["Call +49 221 66966966", "Copy +49 221 66966966"]);
    menu.close();
  });

  it("says that there are none only where there are none", async () => {
    contacts = { type: "contacts", contacts: [], total: 0, sources: [] };
    await open();
    expect(find("empty")?.textContent).toContain("No contacts yet");
  });

  it("parts those who are similar from those who match", () => {
    const items = itemsOf([contact("Meier"), contact("Maier", true), contact("Mayer", true)], true);
    expect(items.map((it) => (it.kind === "heading" ? it.text : it.contact.name))).toEqual(["Meier", "Similar names", "Maier", "Mayer"]);
  });
});

describe("an import that would take more than it brings", { timeout: 20_000 }, () => {
  it("keeps what stands there when that is chosen", async () => {
    await open();
    await choose();
    expect(find("import-question")?.textContent).toContain("This import has 7,412 contacts now.");
    expect(find("import-keep")?.textContent).toContain("Keep the 7,412 contacts");
    find("import-keep")?.click();
    flushSync();
    expect(find("import-question")).toBeNull();
    expect(imports().map((request) => "replace" in request && request.replace)).toEqual([false]);
  });

  it("replaces it when that is chosen, and names what was left out", async () => {
    await open();
    await choose();
    find("import-replace")?.click();
    await vi.waitFor(() => expect(find("import-report")).not.toBeNull(), PATIENCE);
    expect(imports().map((request) => "replace" in request && request.replace)).toEqual([false, true]);
    const report = find("import-report")?.textContent ?? "";
    expect(report).toContain("Line 3: The phone number is missing.");
    expect(report).toContain("Line 2, Mobil, “4,91716E+12”: A number with letters can’t be dialled.");
    expect(texts("import-sample")).toEqual(["A name was read as “Jörg”. If it is wrong, save as UTF-8."]);
    expect(texts("unused-columns")).toEqual(["Kunden-Nummer"]);
  });

  it("names the reasons in the chosen language", async () => {
    await words.choose("de");
    expect(leftOutText(REPORT.skipped[0]!)).toBe("Zeile 3: Die Telefonnummer fehlt.");
    expect(leftOutText(REPORT.unread[0]!)).toBe("Zeile 2, Mobil, „4,91716E+12“: Eine Nummer mit Buchstaben lässt sich nicht wählen.");
  });
});
