import { expect, it } from "vitest";
import { Twice } from "./twice";

it("takes two clicks for two on one thing, and not where the first was on another", () => {
  const clicks = new Twice();
  expect([clicks.click("a", 0), clicks.click("a", 200), clicks.click("a", 300)]).toEqual([false, true, false]);
  expect([clicks.click("b", 1000), clicks.click("a", 1100), clicks.click("a", 1700)]).toEqual([false, false, false]);
});
