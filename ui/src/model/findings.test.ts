import { describe, expect, it } from "vitest";
import type { Finding } from "../host/contract.generated";
import { words } from "../messages";
import { checksOf } from "./findings";

const listed: Finding = { step: "extensions", verdict: "works", text: "3 devices.", note: "devices", count: 3, problem: null };
const own: Finding = { step: "health", verdict: "works", text: "Alles gut", note: null, count: null, problem: null };
const end: Finding = { step: "done", verdict: "works", text: "", note: null, count: null, problem: null };
const texts = () => checksOf([listed, own, end]).map((check) => check.text);

describe("what a test saw", () => {
  it("is told in the app's own words in English, and counted in ours", async () => {
    await words.choose("en");
    expect(texts()).toEqual(["3 devices", "Alles gut"]);
  });

  it("counts what was skipped in one line, and names a step that failed as such", async () => {
    await words.choose("en");
    const reach: Finding = { step: "reach", verdict: "fails", text: "", note: null, count: null, problem: null };
    const skipped: Finding[] = ["extensions", "dial"].map((step) => ({ step, verdict: "not_tried", text: "An earlier step failed.", note: "skipped", count: null, problem: null }));
    expect(checksOf([reach, ...skipped, end]).map((check) => check.title)).toEqual(["Service not reached", "2 more checks skipped."]);
    expect(checksOf([{ ...reach, verdict: "works" }])[0]?.title).toBe("Service reached");
  });

  it("leads from a refused sign-in to the fields above it", async () => {
    await words.choose("en");
    const refused: Finding = { step: "sign_in", verdict: "fails", text: "", note: null, count: null, problem: { code: "sign_in_refused", message: "no", hint: "" } };
    expect(checksOf([refused], "nfon")[0]?.hint).toBe("Check the user name and password above.");
    expect(checksOf([refused], "tenios")[0]?.hint).toContain("access key");
  });

  it("is told by its code elsewhere, but for the service's own words", async () => {
    await words.choose("de");
    await words.complete();
    expect(texts()).toEqual(["3 Geräte", "Alles gut"]);
  });
});
