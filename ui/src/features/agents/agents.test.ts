import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { AgentStateView, Reply, Request } from "../../host/contract.generated";
import { accountView } from "../../host/mock/views";
import { words } from "../../messages";
import { agentWord, agents } from "../../model/agents.svelte";
import { app } from "../../model/app.svelte";
import { TestHost, line, snapshot } from "../../model/fixtures";
import { toasts } from "../../shared/toasts.svelte";
import MyAgent from "./MyAgent.svelte";

const READY: AgentStateView = { id: "1", mode: "ready", name: "Login" };
const LUNCH: AgentStateView = { id: "3", mode: "break", name: "Lunch" };
const OWN: AgentStateView = { id: "21", mode: "other", name: "Walking the dog" };
const mine = { ...line("102", { mine: true }), id: "hotline/102", account: "hotline" };

let host: TestHost;
let now: AgentStateView | null;
/** What becomes of a wish. */
let become: (state: string) => Promise<void>;
let shown: Record<string, unknown>;
let deaf: () => void;

const reading = (): Reply => ({ type: "agent", agent: { line: mine.id, account: "hotline", extension: "102", state: now, at: Date.now() } });
const one = (id: string) => document.querySelector<HTMLElement>(`[data-testid="${id}"]`);
const all = (id: string) => [...document.querySelectorAll<HTMLElement>(`[data-testid="${id}"]`)];
const settle = async () => {
  await new Promise((resolve) => setTimeout(resolve, 0));
  flushSync();
};

async function answer(request: Request): Promise<Reply> {
  if (request.type === "agent_states") return { type: "agent_states", states: [READY, LUNCH, OWN] };
  if (request.type === "set_agent") await become(request.state);
  return reading();
}

beforeEach(async () => {
  vi.stubGlobal("requestAnimationFrame", (run: FrameRequestCallback) => setTimeout(() => run(0), 0));
  now = READY;
  become = async (state) => {
    now = [READY, LUNCH, OWN].find((it) => it.id === state) ?? null;
  };
  host = new TestHost(() => snapshot([mine], 0, { accounts: [accountView("hotline", "voicenter", "Voicenter", 0)] }), answer);
  app.start(host);
  await vi.waitFor(() => expect(app.myLines.length).toBe(1));
  agents.asked = new Map();
  toasts.list = [];
  deaf = agents.start();
  agents.readings = new Map();
  shown = mount(MyAgent, { target: document.body, props: { line: mine } });
  flushSync();
  await settle();
});

afterEach(async () => {
  deaf();
  await unmount(shown);
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

async function open() {
  one("my-agent")!.click();
  flushSync();
  await settle();
}

describe("my agent", () => {
  it("is shown by a mark and a word, and offers the service's states in its order", async () => {
    expect(one("my-agent")!.dataset["mark"]).toBe("ready");
    expect(one("my-agent")!.textContent).toContain("Logged in");
    await open();
    expect(all("agent-state").map((it) => it.textContent?.trim())).toEqual(["Logged in", "Lunch", "Walking the dog"]);
    expect(all("agent-state").map((it) => it.getAttribute("aria-checked"))).toEqual(["true", "false", "false"]);
    expect(document.activeElement).toBe(all("agent-state")[0]);
  });

  it("asks once, says so meanwhile, and then shows what a reading shows", async () => {
    let done = () => {};
    become = async () => {
      await new Promise<void>((resolve) => (done = resolve));
      now = LUNCH;
    };
    await open();
    const [, lunch, own] = all("agent-state");
    lunch!.click();
    lunch!.click();
    own!.click();
    await settle();
    expect(host.of("set_agent").map((it) => it.state)).toEqual(["3"]);
    expect(one("my-agent")!.dataset["mark"]).toBe("asked");
    expect(one("my-agent")!.textContent).toContain("Changing to Lunch");
    done();
    await settle();
    expect(one("my-agent")!.dataset["mark"]).toBe("break");
    expect(one("my-agent")!.textContent).toContain("Lunch");
    expect(one("agent-menu")).toBeNull();
    expect(toasts.list.map((it) => it.text)).toEqual(["You are now: Lunch"]);
  });

  it("is not said to be what a reading does not show", async () => {
    become = async () => undefined;
    await open();
    all("agent-state")[1]!.click();
    await settle();
    expect(one("my-agent")!.dataset["mark"]).toBe("ready");
    expect(one("agent-wish")!.textContent).toContain("You chose “Lunch”, but the service shows “Logged in”.");
    now = LUNCH;
    host.say({ type: "agent", agent: (reading() as Extract<Reply, { type: "agent" }>).agent });
    await settle();
    // It came after all: nothing is left to say.
    expect(one("agent-wish")).toBeNull();
    expect(one("my-agent")!.dataset["mark"]).toBe("break");
  });

  it("says why a wish was refused, and reads the state again", async () => {
    become = async () => {
      throw { code: "refused", message: "The service refused: in use.", hint: "Ask." };
    };
    await open();
    const before = host.of("agent").length;
    all("agent-state")[1]!.click();
    await settle();
    expect(one("agent-wish")!.textContent).toContain("Couldn’t change to “Lunch”: The service refused: in use.");
    expect(host.of("agent").length).toBe(before + 1);
    expect(host.of("set_agent")).toHaveLength(1);
    expect(toasts.list).toEqual([]);
  });

  it("tells a refusal at the foot of the window once its menu is closed", async () => {
    let refuse = () => {};
    become = () => new Promise((_, reject) => (refuse = () => reject({ code: "refused", message: "No.", hint: "" })));
    await open();
    all("agent-state")[1]!.click();
    one("agent-menu")!.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true }));
    await settle();
    expect(one("agent-menu")).toBeNull();
    refuse();
    await settle();
    expect(toasts.list.map((it) => [it.tone, it.text])).toEqual([["bad", "Couldn’t change to “Lunch”: The service refused the request."]]);
  });

  it("is led through by the keyboard, which goes back where it was", async () => {
    one("my-agent")!.focus();
    await open();
    const press = (key: string) => document.activeElement!.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    press("ArrowDown");
    expect(document.activeElement).toBe(all("agent-state")[1]);
    press("End");
    expect(document.activeElement).toBe(all("agent-state")[2]);
    press("ArrowDown");
    expect(document.activeElement).toBe(all("agent-state")[0]);
    press("Escape");
    flushSync();
    expect(one("agent-menu")).toBeNull();
    expect(document.activeElement).toBe(one("my-agent"));
  });

  it("is not vouched for while its account has no connection, and read anew once it has", async () => {
    const account = accountView("hotline", "voicenter", "Voicenter", 0);
    const before = host.of("agent").length;
    host.say({ type: "account", account: { ...account, link: { phase: "offline", since: 0, reason: null, next_try_at: null } } });
    await vi.waitFor(() => {
      flushSync();
      expect(one("my-agent")!.dataset["mark"]).toBe("unknown");
    });
    expect(host.of("agent")).toHaveLength(before);
    host.say({ type: "account", account });
    await vi.waitFor(() => {
      flushSync();
      expect(one("my-agent")!.dataset["mark"]).toBe("ready");
    });
    expect(host.of("agent")).toHaveLength(before + 1);
    host.say({ type: "account", account: { ...account, journal: { read_from: 0, read_until: 1, wanted_from: 0, reading: true } } });
    await settle();
    await settle();
    expect(host.of("agent")).toHaveLength(before + 1);
  });

  it("whose state the service does not say is not given one", async () => {
    now = null;
    await agents.read(mine.id);
    flushSync();
    expect(one("my-agent")!.dataset["mark"]).toBe("unknown");
    expect(one("my-agent")!.textContent).toContain("Not reported");
  });
});

it("keeps the service's own words, and translates those that are well known", () => {
  void words.choose("de");
  expect([READY, LUNCH, OWN, { ...OWN, name: "" }, { ...LUNCH, name: "Team meeting" }].map(agentWord)).toEqual([
    "Angemeldet", "Mittagspause", "Walking the dog", "Anderer Status", "Teambesprechung",
  ]);
  void words.choose("en");
});
