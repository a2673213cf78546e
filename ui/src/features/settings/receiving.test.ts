import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ReceiverView, Reply, Request } from "../../host/contract.generated";
import { accountView, settingsView } from "../../host/mock/views";
import { app } from "../../model/app.svelte";
import { TestHost, snapshot } from "../../model/fixtures";
import Receiving from "./Receiving.svelte";
import { isOpenToOthers, listenProblem, publicProblem } from "./receiving.svelte";

it.each([["127.0.0.1:8465", null], ["[::1]:80", null], ["0.0.0.0:65535", null], ["8465", "form"], ["http://x:1", "form"], ["localhost:0", "port"], ["127.0.0.1:65536", "port"]])(
  "an address to listen at, %j: %s", (text, problem) => expect(listenProblem(text)).toBe(problem),
);

it.each([["", null], ["https://calls.example.com/ring", null], ["http://calls.example.com", "plain"], ["calls.example.com", "form"], ["ftp://x", "form"]])(
  "a public address, %j: %s", (text, problem) => expect(publicProblem(text)).toBe(problem),
);

it.each([["127.0.0.1:1", false], ["[::1]:1", false], ["localhost:1", false], ["0.0.0.0:1", true], ["192.168.1.4:1", true]])(
  "%s is open to others: %s", (text, open) => expect(isOpenToOthers(text)).toBe(open),
);

describe("the receiver", () => {
  const SECRET = "/r/9kf2c0v7m3x8q1z5t6b4";
  let host: TestHost;
  let view: ReceiverView;
  let shown: Record<string, unknown>;
  const one = (id: string) => document.querySelector<HTMLElement>(`[data-testid="${id}"]`);
  const settle = async () => {
    await new Promise((resolve) => setTimeout(resolve, 0));
    flushSync();
  };

  beforeEach(() => {
    vi.stubGlobal("requestAnimationFrame", (run: FrameRequestCallback) => setTimeout(() => run(0), 0));
    view = {
      listening: "127.0.0.1:8465",
      problem: null,
      accounts: [{ account: "cologne", local_url: `http://127.0.0.1:8465${SECRET}`, public_url: null, taken: 2, last_at: Date.now(), refused: 1, last_refused: { code: "x", message: "Another key.", hint: "Compare." } }],
    };
  });

  afterEach(async () => {
    await unmount(shown);
    document.body.replaceChildren();
    vi.unstubAllGlobals();
  });

  async function open(locked: string[] = []) {
    const settings = { ...settingsView(), locked, receiver: { on: true, listen: "127.0.0.1:8465", public_url: "" } };
    host = new TestHost(
      () => snapshot([], 0, { settings, accounts: [accountView("cologne", "tenios", "The Service", 0)] }),
      (request: Request): Reply => {
        if (request.type === "receiver") return { type: "receiver", receiver: view };
        if (request.type !== "test_receiver") return { type: "done" };
        return { type: "findings", findings: [
          { step: "local", verdict: "works", text: "3 ms", note: null, count: null, problem: null },
          { step: "public", verdict: "fails", text: "", note: null, count: null, problem: { code: "x", message: "It leads elsewhere.", hint: "Mend the tunnel." } },
        ] };
      },
    );
    app.settings = null;
    app.start(host);
    await vi.waitFor(() => expect(app.settings).not.toBeNull());
    shown = mount(Receiving, { target: document.body });
    await settle();
    await settle();
  }

  it("is one sentence where no account sends anything", async () => {
    view.accounts = [];
    await open();
    expect(one("receiving")!.textContent).toContain("None of your accounts sends messages");
    expect(one("receiver-on")).toBeNull();
  });

  it("hides an account's address until it is asked for", async () => {
    await open();
    expect(document.body.innerHTML).not.toContain(SECRET);
    one("receiver-show")!.click();
    flushSync();
    expect(one("receiver-url")!.textContent).toContain(SECRET);
    one("receiver-show")!.click();
    flushSync();
    expect(document.body.innerHTML).not.toContain(SECRET);
  });

  it("says where it listens, or why not, and what was turned away", async () => {
    await open();
    expect(one("receiver-state")!.textContent).toContain("127.0.0.1:8465");
    expect(one("receiver-account")!.textContent).toMatch(/2 messages received.*1 rejected.*Another key\. Compare\./s);
    host.say({ type: "receiver", receiver: { ...view, listening: null, problem: { code: "y", message: "The port is taken.", hint: "Choose another." } } });
    flushSync();
    expect(one("receiver-state")!.textContent).toContain("Not running");
    expect(one("receiving")!.textContent).toContain("The port is taken. Choose another.");
  });

  it("shows what its test finds, until something is changed", async () => {
    await open();
    one("receiver-test")!.click();
    await settle();
    const found = [...one("receiver-findings")!.querySelectorAll("li")];
    expect(found.map((it) => it.dataset["verdict"])).toEqual(["works", "fails"]);
    expect(found[1]!.textContent).toContain("It leads elsewhere. Mend the tunnel.");
    const field = one("receiver-listen") as HTMLInputElement;
    field.value = "127.0.0.1:9000";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
    await settle();
    expect(one("receiver-findings")).toBeNull();
    expect(host.of("set_settings").map((it) => it.settings.receiver)).toEqual([{ on: true, listen: "127.0.0.1:9000", public_url: "" }]);
  });

  it("does not send an address that is none, and leaves alone what the policy holds", async () => {
    await open(["receiver.public_url"]);
    const field = one("receiver-listen") as HTMLInputElement;
    field.value = "nonsense";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
    await settle();
    expect(host.of("set_settings")).toEqual([]);
    expect(one("receiving")!.textContent).toContain("such as 127.0.0.1:8465");
    expect((one("receiver-public") as HTMLInputElement).disabled).toBe(true);
    expect(field.disabled).toBe(false);
  });
});
