import { describe, expect, it } from "vitest";
import type { ExtensionView } from "../../host/contract.generated";
import { SHOWN, findLines } from "./own-lines";

const line = (extension: string, name: string): ExtensionView => ({ account: "a", extension, name, email: null, group: null });
const all = [line("SIP201", "Line one"), line("131", "Line two"), line("31", "Zoë Line"), line("310", "")];
const found = (text: string, chosen: string[] = []) => findLines(all, text, new Set(chosen)).shown.map((it) => it.extension);

describe("one's own lines", () => {
  it("are found by number, the same one first, then what begins so", () => expect(found("31")).toEqual(["31", "310", "131"]));
  it("are found by name without accents, and by any word of it", () => expect(found("zoe")).toEqual(["31"]));
  it("are found in small letters too", () => expect(found("sip2")).toEqual(["SIP201"]));
  it("stand first once they are chosen", () => expect(found("", ["310"])).toEqual(["310", "SIP201", "131", "31"]));
  it("are none for a text that nobody has", () => expect(found("nobody")).toEqual([]));
  it("are told in part where there are very many", () => {
    const many = Array.from({ length: 5000 }, (_, i) => line(String(1000 + i), `Line ${i}`));
    const { shown, more } = findLines(many, "", new Set());
    expect([shown.length, more]).toEqual([SHOWN, 5000 - SHOWN]);
  });
});
