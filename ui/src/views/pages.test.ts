// The pages that are read later.

import { describe, expect, it, vi } from "vitest";
import { accountView } from "../host/mock/views";
import { Later, pages, readAhead } from "./pages.svelte";
import { placesFor } from "./places";

describe("the rail", () => {
  const views = (...providers: string[]) => placesFor(providers.map((it) => accountView(it, it, it, 0))).map((place) => place.view);

  it("leads to the numbers only where an account has or orders some", () => {
    expect(views("nfon", "swisscom", "voicenter")).not.toContain("numbers");
    expect(views("fonial")).toContain("numbers");
    expect(views("nfon", "tenios")).toContain("numbers");
    expect(views().at(-1)).toBe("settings");
  });

  it("leaves each page its number whatever others there are", () => {
    const digits = (provider: string) => placesFor([accountView(provider, provider, provider, 0)]).filter((it) => it.view !== "numbers").map((it) => [it.view, it.digit]);
    expect(digits("nfon")).toEqual(digits("fonial"));
  });
});

describe("a page that is read later", () => {
  it("is read once, however often it is asked for", async () => {
    const load = vi.fn(async () => ({ default: "page" }));
    const page = new Later(load);
    expect(page.component).toBeNull();
    await Promise.all([page.read(), page.read()]);
    await page.read();
    expect(page.component).toBe("page");
    expect(load).toHaveBeenCalledTimes(1);
  });

  it("is tried again after it could not be read", async () => {
    const load = vi.fn(async () => ({ default: "page" })).mockRejectedValueOnce(new Error("gone"));
    const page = new Later(load);
    await page.read();
    expect(page.component).toBeNull();
    await page.read();
    expect(page.component).toBe("page");
  });

  it("is there before anybody goes to it", async () => {
    const stop = readAhead(0);
    await vi.waitFor(() => expect(Object.values(pages).every((page) => page.component !== null)).toBe(true), 10_000);
    stop();
  }, 20_000);
});
