// What a scenario is said to be, without a screen.

import { beforeEach, describe, expect, it } from "vitest";
import type { ScenarioResult } from "../../host/contract.generated";
import { scenarioView } from "../../host/mock/views";
import { words } from "../../messages";
import { app } from "../../model/app.svelte";
import { askedText, bannerText, endOf, needsBanner, routeOf, toneOf } from "./state";

beforeEach(() => void words.choose("en"));

describe("a scenario", () => {
  const now = Date.now();
  const scenario = (state: string, active: boolean, result: ScenarioResult, more = {}) => ({
    ...scenarioView("s", "Flood", [["1", "2"]], now),
    state,
    asked: { active, by: "Rina", at: now, result, result_at: now, problem: null },
    ...more,
  });

  it("that was asked for is not said to be on", () => {
    for (const result of ["requested", "checking", "accepted_not_confirmed", "failed", "conflict"] as const) {
      const text = bannerText(scenario("inactive", true, result), now);
      expect(text, result).not.toMatch(/is on|Confirmed \d/);
    }
    expect(toneOf(scenario("inactive", true, "accepted_not_confirmed"))).toBe("waiting");
    expect(askedText(scenario("inactive", true, "accepted_not_confirmed"), now)).toContain("still shows it off");
  });

  it("that is on says whether it was confirmed, and by whom", () => {
    expect(bannerText(scenario("active", true, "confirmed"), now)).toMatch(/is on · 1 number forwarded. Confirmed \d\d:\d\d, by Rina./);
    expect(bannerText({ ...scenario("active", true, "confirmed"), asked: null }, now)).toContain("Checked");
  });

  it("says nothing of a person it does not know", () => {
    const unnamed = (state: string, active: boolean, result: ScenarioResult, more = {}) => {
      const it = scenario(state, active, result, more);
      return { ...it, asked: { ...it.asked, by: "" } };
    };
    expect(bannerText(unnamed("active", true, "confirmed"), now)).toMatch(/Confirmed \d\d:\d\d\.$/);
    for (const result of ["requested", "confirmed"] as const) {
      for (const active of [true, false]) {
        expect(askedText(unnamed("active", active, result), now)).not.toMatch(/ by [ .]|  /);
        expect(askedText(unnamed("active", active, result, { drift: true }), now)).not.toMatch(/:  | by [ .]/);
      }
    }
  });

  it("says \"you\" of the one who sits here", () => {
    app.user = "Rina";
    expect(bannerText(scenario("active", true, "confirmed"), now)).toMatch(/Confirmed \d\d:\d\d, by you\.$/);
    for (const text of [askedText(scenario("inactive", true, "requested"), now), askedText(scenario("active", true, "confirmed"), now)]) {
      expect(text).toMatch(/\byou\b/i);
    }
    app.user = "Lea";
    expect(askedText(scenario("active", true, "confirmed"), now)).toContain("by Rina");
    app.user = "";
    expect(askedText({ ...scenario("active", true, "confirmed"), asked: { ...scenario("active", true, "confirmed").asked, by: "" } }, now)).not.toContain("You");
  });

  it("shows where a call comes to in the end, by what else is on, and runs in no circle", () => {
    const first = { from: "80", to: "61", from_shown: "80", to_shown: "61" };
    const sends = (from: string, to: string, state = "active") => ({ ...scenarioView(from, from, [[from, to]], now), state });
    expect(routeOf(first, [sends("61", "0170"), sends("0170", "99")])).toEqual(["61", "0170", "99"]);
    expect(routeOf(first, [sends("61", "0170", "inactive")])).toEqual(["61"]);
    expect(routeOf(first, [sends("61", "62"), sends("62", "61")])).toEqual(["61", "62"]);
  });

  it("ends by itself only while there is something to end", () => {
    const ends_at = now + 3_600_000;
    expect(bannerText(scenario("active", true, "confirmed", { ends_at }), now)).toContain("Ends");
    expect(bannerText(scenario("inactive", true, "requested", { ends_at }), now)).toContain("Ends");
    expect(bannerText(scenario("inactive", true, "confirmed", { ends_at, drift: true }), now)).not.toContain("Ends");
    expect(endOf(scenario("inactive", false, "confirmed", { ends_at }))).toBeNull();
    expect(endOf(scenario("active", false, "requested", { ends_at }))).not.toBeNull();
  });

  it("alarms when it is no longer as ordered, or when somebody else was faster", () => {
    expect(toneOf(scenario("inactive", true, "confirmed", { drift: true }))).toBe("alarm");
    expect(toneOf(scenario("inactive", true, "conflict"))).toBe("alarm");
    expect(askedText(scenario("inactive", true, "conflict"), now)).toContain("Nothing was overwritten");
  });

  it("shows a banner while on, while under way and after drift, and else none", () => {
    expect(needsBanner(scenario("active", true, "confirmed"))).toBe(true);
    expect(needsBanner(scenario("inactive", true, "requested"))).toBe(true);
    expect(needsBanner(scenario("inactive", true, "confirmed", { drift: true }))).toBe(true);
    expect(needsBanner(scenario("inactive", false, "confirmed"))).toBe(false);
  });
});
