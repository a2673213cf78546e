import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Reply, Request } from "../../host/contract.generated";
import { accountView, settingsView } from "../../host/mock/views";
import { app } from "../../model/app.svelte";
import { TestHost, snapshot } from "../../model/fixtures";
import { toasts } from "../../shared/toasts.svelte";
import SettingsPage from "./SettingsPage.svelte";
import { mistakeOf } from "./settings.svelte";

it.each([
  ["office/31", ""],
  ["office/SIP/31", ""],
  ["31", "“31” names no account; write it as in office/31."],
  ["/31", "“/31” names no account; write it as in office/31."],
  ["office/", "“office/” names no account; write it as in office/31."],
  ["nope/31", "There is no account “nope”."],
])("%j as a line of mine: %j", (line, problem) => expect(mistakeOf(line, ["office"])).toBe(problem));

describe("the page", () => {
  let host: TestHost;
  let shown: Record<string, unknown>;
  let refuse: string | null;
  const field = <E extends HTMLElement>(id: string) => document.querySelector<E>(`[data-testid="${id}"]`)!;
  const settle = async () => {
    await new Promise((resolve) => setTimeout(resolve, 0));
    flushSync();
  };
  const put = async (control: HTMLInputElement | HTMLSelectElement, value: string) => {
    control.value = value;
    control.dispatchEvent(new Event("input", { bubbles: true }));
    control.dispatchEvent(new Event("change", { bubbles: true }));
    await settle();
  };

  beforeEach(async () => {
    vi.stubGlobal("requestAnimationFrame", (run: FrameRequestCallback) => setTimeout(() => run(0), 0));
    refuse = null;
    host = new TestHost(
      () => snapshot([], 0, { settings: settingsView(), accounts: [accountView("office", "nfon", "The Service", 0)] }),
      (request: Request): Reply => {
        if (request.type === "receiver") return { type: "receiver", receiver: { listening: null, problem: null, accounts: [] } };
        if (refuse && request.type === "set_settings") throw { code: "config_unwritable", message: refuse, hint: "Nothing was changed." };
        return { type: "done" };
      },
    );
    app.settings = null;
    app.start(host);
    await vi.waitFor(() => expect(app.settings).not.toBeNull());
    await vi.waitFor(() => expect(app.accounts.length).toBe(1));
    shown = mount(SettingsPage, { target: document.body });
    await settle();
  });

  afterEach(async () => {
    await unmount(shown);
    document.body.replaceChildren();
    vi.unstubAllGlobals();
  });

  it("says what is wrong with a line and does not send it", async () => {
    await put(field<HTMLInputElement>("setting-mine"), "31");
    expect(document.body.textContent).toContain("“31” names no account");
    expect(field<HTMLInputElement>("setting-mine").value).toBe("31");
    expect(host.of("set_settings")).toEqual([]);
    await put(field<HTMLInputElement>("setting-mine"), "office/31 office/32");
    expect(document.body.textContent).not.toContain("names no account");
    expect(host.of("set_settings").map((it) => it.settings.mine)).toEqual([["office/31", "office/32"]]);
  });

  it("offers countries by their names", async () => {
    const country = field<HTMLSelectElement>("setting-region");
    expect(country.selectedOptions[0]?.textContent).toBe("Germany");
    await put(country, "CH");
    expect(host.of("set_settings").map((it) => it.settings.region)).toEqual(["CH"]);
  });

  it("shows what is so where a change was refused", async () => {
    refuse = "the file cannot be written: it is read-only";
    field("setting-autostart").click();
    await settle();
    expect(toasts.list.at(-1)?.text).toContain("read-only");
    expect(field<HTMLInputElement>("setting-autostart").checked).toBe(false);
  });
});
