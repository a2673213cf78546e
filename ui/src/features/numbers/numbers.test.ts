import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { AccountNumbers, NumberJobStage, NumberJobView, OwnNumberView, Reply, Request } from "../../host/contract.generated";
import { jobView } from "../../host/mock/numbers";
import { accountView } from "../../host/mock/views";
import { words } from "../../messages";
import { app } from "../../model/app.svelte";
import { TestHost, snapshot } from "../../model/fixtures";
import NumbersPage from "./NumbersPage.svelte";
import { kindWord, unfit } from "./document";
import { awaitedText, isPresent, stepsOf, upsert, waysOf } from "./jobs";
import { rowsOf } from "./numbers.svelte";
import { areaCode, areaCodeProblem, countryName, OrderState, refusedField } from "./order.svelte";

const own = (number: string, more: Partial<OwnNumberView> = {}): OwnNumberView => ({
  account: "cologne", written: number.replace("+49", "0"), number, shown: number.replace(/^(\+49)(221|30)/, "$1 $2 "), id: "", ...more,
});
const SELLER: AccountNumbers = { account: "cologne", numbers: [own("+492214710800"), own("+49304710801", { id: "A7" })], problem: null, orders: true, document_kinds: ["CONTRACT", "LETTER_OF_THE_MAYOR"] };
const STAGES: NumberJobStage[] = [
  "verifying", "verified", "ordering", "ordered", "completed", "cancelling", "cancelled", "verify_unconfirmed", "order_unconfirmed",
  "cancel_unconfirmed", "failed", "dropped",
];
const job = (stage: NumberJobStage, more: Partial<NumberJobView> = {}) =>
  jobView(1, stage, "221, 50667 Köln", 0, { kind: /^cancel/.test(stage) ? "cancel" : "order", ...more });

let host: TestHost;
let jobs: NumberJobView[];
let accounts: AccountNumbers[];
let answers: Partial<Record<Request["type"], (request: Request) => Reply | Promise<Reply>>>;

beforeEach(async () => {
  vi.stubGlobal("requestAnimationFrame", (run: FrameRequestCallback) => setTimeout(() => run(0), 0));
  jobs = [];
  accounts = [SELLER];
  answers = {};
  host = new TestHost(
    () => snapshot([], 0, { accounts: [{ ...accountView("cologne", "tenios", "The Service", 0), capabilities: ["numbers", "number_orders"] }] }),
    (request) => {
      const told = answers[request.type];
      if (told) return told(request);
      if (request.type === "numbers") return { type: "numbers", accounts };
      return request.type === "number_jobs" ? { type: "number_jobs", jobs } : { type: "done" };
    },
  );
  app.start(host);
  await vi.waitFor(() => expect(app.accounts).toHaveLength(1));
});

afterEach(() => vi.unstubAllGlobals());

describe("an undertaking", () => {
  it("says in every stage what is awaited, and names the service as it calls itself", () => {
    for (const stage of STAGES) {
      const text = awaitedText(job(stage));
      expect(text, stage).not.toMatch(/job\.|\{|tenios/i);
      if (stage !== "failed") expect(text, stage).toContain("The Service");
    }
    expect(awaitedText(job("ordered", { push: true }))).toContain("reports when");
    expect(awaitedText(job("ordered"))).toContain("Check its portal");
    expect(awaitedText(job("cancelled", { brought: ["2026-12-31"] }))).toContain("2026-12-31");
  });

  it("shows how far it came, and never more than is known", () => {
    const states = (it: NumberJobView) => stepsOf(it).map((step) => step.state);
    expect(states(job("verified"))).toEqual(["done", "waiting", "ahead", "ahead"]);
    expect(states(job("order_unconfirmed"))).toEqual(["done", "done", "lost", "ahead"]);
    expect(states(job("completed"))).toEqual(["done", "done", "done", "done"]);
    expect(states(job("failed"))).toEqual(["failed", "ahead", "ahead", "ahead"]);
    expect(states(job("failed", { verification: "v", order: "o" }))).toEqual(["done", "done", "done", "failed"]);
    expect(states(job("cancel_unconfirmed"))).toEqual(["lost", "ahead"]);
    expect(states(job("dropped"))).toEqual([]);
  });

  it("offers what is due, and nothing while a request is under way or after its end", () => {
    for (const stage of ["verifying", "ordering", "cancelling", "completed", "cancelled", "dropped"] as const) expect(waysOf(job(stage)), stage).toEqual([]);
    expect(waysOf(job("verified"))[0]).toBe("order");
    for (const stage of ["verify_unconfirmed", "order_unconfirmed", "cancel_unconfirmed"] as const) expect(waysOf(job(stage))[0]).toBe("settle");
  });

  it("leaves the present when it was closed, or some days after it ended well", () => {
    const day = 86_400_000;
    expect(isPresent(job("completed"), 3 * day)).toBe(true);
    expect(isPresent(job("completed"), 30 * day)).toBe(false);
    expect(isPresent(job("failed"), 300 * day)).toBe(true);
    expect(isPresent(job("dropped"), 0)).toBe(false);
  });

  it("is one row, however often it is told of it, the newest first", () => {
    let list = [job("verified", { id: 5 }), job("verified", { id: 2 })];
    list = upsert(list, job("ordering", { id: 2 }));
    list = upsert(list, job("verifying", { id: 7 }));
    list = upsert(list, job("failed", { id: 3 }));
    expect(list.map((it) => `${it.id} ${it.stage}`)).toEqual(["7 verifying", "5 verified", "3 failed", "2 ordering"]);
  });
});

describe("a document", () => {
  const bytes = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));
  it.each([
    ["%PDF-1.7\n", null],
    ["\xff\xd8\xff\xe0", "jpeg"],
    ["\x89PNG\r\n", "png"],
    ["PK\x03\x04word", "zip"],
    ["\0\0\0\x18ftypheic", "phone"],
    ["<!doctype html>", "web"],
    ["mail header\n%PDF-1.4", "preceded"],
    ["hello", "unknown"],
  ])("that begins with %j is taken for %s", (head, what) => expect(unfit(bytes(head), 1000)).toBe(what));

  it("is not taken when it is empty or too large", () => {
    expect(unfit(bytes(""), 0)).toBe("empty");
    expect(unfit(bytes("%PDF-1.7"), 10 * 1024 * 1024)).toBeNull();
    expect(unfit(bytes("%PDF-1.7"), 10 * 1024 * 1024 + 1)).toBe("too_large");
  });

  it("has a kind that can be read, also one that nobody here knows", () => {
    expect(["CONTRACT", "LETTER_OF_THE_MAYOR"].map(kindWord)).toEqual(["Contract", "Letter of the mayor"]);
    void words.choose("de");
    expect(kindWord("IDENTITY_CARD")).toBe("Personalausweis");
    void words.choose("en");
  });
});

it.each([["", null], ["221", null], ["0221", null], ["00221", "zero"], ["+49221", "zero"], ["22a", "digits"], ["221471080", "long"]])(
  "an area code %j: %s", (text, problem) => expect(areaCodeProblem(text)).toBe(problem),
);

describe("the search of numbers", () => {
  const found = (text: string) => rowsOf([SELLER], text, () => "").flatMap((row) => (row.kind === "number" ? [row.number.number] : []));
  it.each([["", 2], ["0221 4710", 1], ["+49 (30) 471", 1], ["221471", 1], ["a7", 1], ["99", 0]])("finds by %j: %i", (text, count) => expect(found(text)).toHaveLength(count));

  it("counts under its account what was found, and leaves accounts without any out", () => {
    const rows = rowsOf([SELLER, { ...SELLER, account: "other", numbers: [] }], "4710", () => "X");
    expect(rows[0]).toMatchObject({ kind: "head", account: "cologne", count: 2 });
    expect(rows.filter((row) => row.kind === "head")).toHaveLength(1);
  });
});

describe("an order", () => {
  function filled(ondone = vi.fn()): { order: OrderState; ondone: typeof ondone } {
    const order = new OrderState([SELLER], ondone);
    Object.assign(order.values, { street: "Venloer Straße", house_number: "12a", zip: "50667", city: " Köln ", area_code: "221" });
    order.paper = { name: "lease.pdf", size: 10, data: "JVBERi0=" };
    return { order, ondone };
  }

  it("is complete once all of it is there and fits", () => {
    const { order } = filled();
    expect(order.complete).toBe(true);
    order.values.area_code = "+49221";
    expect(order.complete).toBe(false);
    order.values.area_code = "221";
    order.paper = null;
    expect(order.complete).toBe(false);
  });

  it("takes the area code as people write it, and sends it without its 0", async () => {
    answers.verify_address = () => ({ type: "number_job", job: job("verified") });
    for (const text of ["0221", "221", " 0 221 ", "(0221)", "0221-"]) expect([areaCode(text), areaCodeProblem(text)], text).toEqual(["221", null]);
    const { order } = filled();
    order.values.area_code = "0221";
    expect(order.complete).toBe(true);
    await order.send();
    expect(host.of("verify_address")[0]).toMatchObject({ address: { area_code: "221" } });
  });

  it.each([
    ["INVALID_VALUE: Invalid parameter (area_code)", "area_code"],
    ["FIELD_IS_REQUIRED: no (zip)", "zip"],
    ["the document is no PDF", "document"],
    ["INVALID_VALUE: bad file (document_data)", "document"],
    ["the house number is missing", "house_number"],
    ["the service is on holiday", null],
  ])("that is refused with %s points at %s", (message, field) => expect(refusedField(message)).toBe(field));

  it("is sent once, however often it is clicked, with the country's English name", async () => {
    answers.verify_address = () => ({ type: "number_job", job: job("verified") });
    const { order, ondone } = filled();
    await Promise.all([order.send(), order.send()]);
    const sent = host.of("verify_address");
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({ account: "cologne", address: { country: "Germany", city: "Köln", area_code: "221", document_kind: "CONTRACT", document_name: "lease.pdf", document: "JVBERi0=" } });
    expect(ondone).toHaveBeenCalledWith(expect.objectContaining({ stage: "verified" }));
    expect(countryName("CH", "de")).toBe("Schweiz");
  });

  it("keeps its name when no answer came, and loses nothing that was typed", async () => {
    answers.verify_address = () => Promise.reject({ code: "app_unreachable", message: "Lost.", hint: "" });
    const { order, ondone } = filled();
    await order.send();
    expect(order.problem?.code).toBe("app_unreachable");
    expect(order.values.street).toBe("Venloer Straße");
    await order.send();
    expect(new Set(host.of("verify_address").map((it) => it.intent)).size).toBe(1);
    expect(ondone).not.toHaveBeenCalled();
  });

  it("that the service refused begins anew with what was typed", async () => {
    answers.verify_address = () => ({ type: "number_job", job: job("failed", { problem: { code: "refused", message: "No such zip.", hint: "" } }) });
    const { order, ondone } = filled();
    await order.send();
    expect(order.problem?.message).toBe("No such zip.");
    expect(order.complete).toBe(true);
    await order.send();
    expect(new Set(host.of("verify_address").map((it) => it.intent)).size).toBe(2);
    expect(ondone).not.toHaveBeenCalled();
  });

  it("waits for its end where the reply came before it", async () => {
    answers.verify_address = () => ({ type: "number_job", job: job("verifying") });
    const { order, ondone } = filled();
    const deaf = order.start();
    await order.send();
    expect([order.sending, ondone.mock.calls.length]).toEqual([true, 0]);
    host.say({ type: "number_job", job: job("failed", { id: 9 }) });
    expect(order.sending).toBe(true);
    host.say({ type: "number_job", job: job("failed", { problem: { code: "refused", message: "No.", hint: "" } }) });
    expect([order.sending, order.problem?.message]).toEqual([false, "No."]);
    deaf();
  });

  it("takes a PDF and no other file", async () => {
    const { order } = filled();
    /** A file, as far as one is asked here. */
    const file = (text: string) => {
      const arrayBuffer = async () => Uint8Array.from(text, (char) => char.charCodeAt(0)).buffer;
      return Object.assign(new File([text], "lease.pdf"), { arrayBuffer, slice: () => ({ arrayBuffer }) as Blob });
    };
    await order.take(file("%PDF-1.7"));
    expect(order.paper?.name).toBe("lease.pdf");
    await order.take(Object.assign(file("%PDF-1.7"), { arrayBuffer: () => Promise.reject(new Error("moved")) }));
    expect([order.unfit, order.paper]).toEqual(["unreadable", null]);
    await order.take(file("\xff\xd8\xff\xe0"));
    expect([order.unfit, order.paper]).toEqual(["jpeg", null]);
    await order.take(file("%PDF-1.7"));
    expect([order.unfit, order.paper]).toEqual([null, { name: "lease.pdf", size: 8, data: btoa("%PDF-1.7") }]);
  });
});

describe("the page", () => {
  let page: Record<string, unknown>;
  const one = (id: string) => document.querySelector<HTMLElement>(`[data-testid="${id}"]`);
  const settle = async () => {
    await new Promise((resolve) => setTimeout(resolve, 0));
    flushSync();
  };
  const click = async (id: string) => {
    one(id)!.click();
    await settle();
  };
  const type = (id: string, text: string) => {
    const field = one(id) as HTMLInputElement;
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    flushSync();
  };

  async function open() {
    page = mount(NumbersPage, { target: document.body });
    await settle();
    await settle();
  }

  afterEach(async () => {
    await unmount(page);
    document.body.replaceChildren();
  });

  it("shows an account's failure beside the others' numbers", async () => {
    accounts = [SELLER, { account: "shop", numbers: [], problem: { code: "unreachable", message: "The service cannot be reached.", hint: "Check the network." }, orders: false, document_kinds: [] }];
    await open();
    expect(one("numbers-remark")!.textContent).toContain("No answer from the service. Check the address and the network.");
    expect(document.querySelectorAll('[data-testid="own-number"]')).toHaveLength(2);
  });

  it("gives a number back only once its end was typed, and once", async () => {
    let done = () => {};
    answers.cancel_number = () => new Promise((resolve) => (done = () => resolve({ type: "number_job", job: job("cancelling") })));
    await open();
    await click("number-cancel");
    expect((one("ask-do") as HTMLButtonElement).disabled).toBe(true);
    type("cancel-confirm", "0801");
    expect((one("ask-do") as HTMLButtonElement).disabled).toBe(true);
    type("cancel-confirm", "0800");
    await click("ask-do");
    await click("ask-do");
    expect(host.of("cancel_number")).toMatchObject([{ account: "cologne", number: "+492214710800" }]);
    done();
    await settle();
    expect(one("cancel-dialog")).toBeNull();
    expect(one("job")!.dataset["stage"]).toBe("cancelling");
  });

  it("settles what was lost by what somebody saw, and sends nothing else", async () => {
    jobs = [job("order_unconfirmed", { id: 4 })];
    await open();
    await click("job-settle");
    expect((one("ask-do") as HTMLButtonElement).disabled).toBe(true);
    await click("settle-yes");
    type("settle-reference", " 4711 ");
    await click("ask-do");
    expect(host.of("settle_number_job")).toEqual([{ type: "settle_number_job", id: 4, taken: true, reference: "4711" }]);
    expect(host.of("order_number")).toEqual([]);
  });

  it("wants the id of an address that was taken, for it is ordered with that", async () => {
    jobs = [job("verify_unconfirmed", { id: 4 })];
    await open();
    await click("job-settle");
    await click("settle-yes");
    expect((one("ask-do") as HTMLButtonElement).disabled).toBe(true);
    await click("settle-no");
    await click("ask-do");
    expect(host.of("settle_number_job")).toEqual([{ type: "settle_number_job", id: 4, taken: false, reference: "" }]);
  });

  it("orders once, and keeps a refusal beside what was asked", async () => {
    jobs = [job("verified", { id: 4 })];
    answers.order_number = () => Promise.reject({ code: "store_full", message: "The disk is full.", hint: "Make room." });
    await open();
    await click("job-order");
    await click("ask-do");
    expect(one("job-dialog")!.textContent).toContain("The disk is full. Free some space.");
    answers.order_number = () => ({ type: "number_job", job: job("ordering", { id: 4 }) });
    await click("ask-do");
    expect(host.of("order_number")).toHaveLength(2);
    expect(one("job-dialog")).toBeNull();
    expect(one("job")!.dataset["stage"]).toBe("ordering");
  });

  it("teaches where there is no order yet", async () => {
    accounts = [{ ...SELLER, numbers: [] }];
    await open();
    expect(one("empty")!.textContent).toContain("No orders yet");
    await click("order-new");
    expect(one("order-dialog")).not.toBeNull();
    type("order-area_code", "+49 221");
    expect(one("order-dialog")!.textContent).toContain("Leave out the country code");
    type("order-area_code", "0221");
    expect(one("order-dialog")!.textContent).not.toContain("Leave out");
  });

  it("follows what is told of an order, and reads all of it again after a gap", async () => {
    jobs = [job("verified", { id: 4 })];
    await open();
    host.say({ type: "number_job", job: job("ordered", { id: 4 }) });
    await settle();
    expect(one("job")!.dataset["stage"]).toBe("ordered");
    jobs = [job("completed", { id: 4, at: Date.now() })];
    host.say({ type: "resync" });
    await vi.waitFor(() => {
      flushSync();
      expect(one("job")!.dataset["stage"]).toBe("completed");
    });
  });
});
