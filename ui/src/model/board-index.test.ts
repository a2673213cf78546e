import { describe, expect, it } from "vitest";
import type { LineView } from "../host/contract.generated";
import { manyLines } from "../host/mock/office";
import { BoardIndex, fold } from "./board-index";
import { NUMBER, line } from "./fixtures";
import { SHAPES, lampOf } from "./lamp";

const asMap = (lines: LineView[]) => new Map(lines.map((it) => [it.id, it]));
const ids = (index: BoardIndex, query = "", chip: "all" | "free" | "busy" | "ringing" = "all") =>
  index.groups(query, chip).flatMap((group) => group.places.map(({ line: it }) => it.extension));

describe("what a search has to fold", () => {
  it("can be prepared a little at a time, and is folded anew when a name changes", () => {
    const index = new BoardIndex();
    index.update(asMap([line("1", { name: "Jörg Müller" }), line("2", { name: "Ann" }), line("3", { name: "Ida" })]));
    expect([index.prepare(2), index.prepare(2), index.prepare(2)]).toEqual([true, false, false]);
    expect(ids(index, "muller")).toEqual(["1"]);
    index.update(asMap([line("1", { name: "Jörg Maier" }), line("2", { name: "Ann" }), line("3", { name: "Ida" })]));
    expect(ids(index, "muller")).toEqual([]);
    expect(ids(index, "maier")).toEqual(["1"]);
  });
});

describe("the board's order", () => {
  it("puts favourites first, then groups by their first extension, lines by extension", () => {
    const index = new BoardIndex();
    index.update(
      asMap([
        line("41", { group: "Sales" }),
        line("9", { group: "Support" }),
        line("22", { group: "Support" }),
        line("61", { group: null }),
        line("50", { group: "Sales", favourite: true }),
      ]),
    );
    expect(index.groups("", "all").map((group) => [group.name, group.favourites])).toEqual([
      ["", true],
      ["Support", false],
      ["Sales", false],
      ["", false],
    ]);
    expect(ids(index)).toEqual(["50", "9", "22", "41", "61"]);
  });

  it("goes by its accounts where no line has a group", () => {
    const index = new BoardIndex();
    index.update(asMap([line("1", { group: null }), line("2", { group: null, account: "branch", id: "branch/2" })]));
    expect(index.groups("", "all").map((group) => group.accounts)).toEqual([["office", "branch"]]);
    index.update(asMap([line("1", { group: null }), line("2", { group: "Sales", account: "branch", id: "branch/2" })]));
    expect(index.groups("", "all").flatMap((group) => group.accounts)).toEqual([]);
  });

  it("moves a line whose group or favour changed, and drops one that is gone", () => {
    const index = new BoardIndex();
    index.update(asMap([line("1"), line("2"), line("3")]));
    index.update(asMap([line("1"), line("3", { favourite: true })]));
    expect(ids(index)).toEqual(["3", "1"]);
    expect(index.counts.all).toBe(2);
  });

  it("is the same array while only states change", () => {
    const index = new BoardIndex();
    index.update(asMap([line("1"), line("2")]));
    const before = index.groups("", "all");
    index.update(asMap([line("1", { line: "busy" }), line("2")]));
    expect(index.groups("", "all")).toBe(before);
    expect(before[0]?.places[0]?.line.line).toBe("busy");
    index.update(asMap([line("1", { line: "busy", favourite: true }), line("2")]));
    expect(index.groups("", "all")).not.toBe(before);
  });

  it("says since when a group is stale only when all of it is", () => {
    const index = new BoardIndex();
    index.update(asMap([line("1", { stale_since: 5 }), line("2", { stale_since: 3 })]));
    expect(index.groups("", "all")[0]?.staleSince).toBe(3);
    index.update(asMap([line("1", { stale_since: 5 }), line("2")]));
    expect(index.groups("", "all")[0]?.staleSince).toBeNull();
  });
});

describe("the board's filter", () => {
  const index = new BoardIndex();
  index.update(
    asMap([
      line("22", { name: "Beat Zürcher", group: "Support" }),
      line("26", { name: "Elif Yıldız", group: "Support" }),
      line("42", { name: "Maja Novak", group: "Sales", line: "busy", peer: { ...NUMBER, company: "Stadtwerke Aalen" } }),
    ]),
  );

  it.each([
    ["zurcher", ["22"]],
    ["YILDIZ", ["26"]],
    ["support 26", ["26"]],
    ["aalen", ["42"]],
    ["4922166966966", ["42"]],
    ["sales", ["42"]],
    ["nobody", []],
  ])("finds %s", (query, found) => expect(ids(index, query)).toEqual(found));

  it("forgets who was talked to", () => {
    index.update(asMap([line("22"), line("26"), line("42", { group: "Sales" })]));
    expect(ids(index, "aalen")).toEqual([]);
  });

  it("folds letters", () => expect(fold("Straße É Ø")).toBe("strasse e ø"));
});

it("counts and shows what a fresh count would, after any changes", () => {
  let seed = 3;
  const random = (below: number) => (seed = (seed * 48271) % 2147483647) % below;
  const lines = asMap(manyLines(300, 0));
  const index = new BoardIndex();
  const keys = [...lines.keys()];
  const states = ["idle", "busy", "ringing", "offline", "unknown"] as const;
  for (let round = 0; round < 200; round++) {
    for (let i = 0; i < 10; i++) {
      const id = keys[random(keys.length)]!;
      const before = lines.get(id);
      if (!before) continue;
      if (random(40) === 0) lines.delete(id);
      else lines.set(id, { ...before, line: states[random(5)]!, stale_since: random(9) === 0 ? 1 : null });
    }
    index.update(lines);
  }
  const count = (lamp: string) => [...lines.values()].filter((it) => lampOf(it) === lamp).length;
  expect(index.counts).toEqual({ all: lines.size, free: count("free"), busy: count("busy"), ringing: count("ringing") });
  expect(ids(index, "", "ringing")).toHaveLength(count("ringing"));
  expect(index.groups("", "all").flatMap((group) => group.places).every(({ line: it }) => lines.get(it.id) === it)).toBe(true);
});

describe("a lamp", () => {
  it("is never one of a known state while nobody vouches for it", () => {
    for (const state of ["idle", "ringing", "busy", "offline", "unknown"] as const) {
      expect(lampOf(line("1", { line: state, stale_since: 1 }))).toBe("unknown");
    }
  });

  it("says what the telephone does before what its owner set", () => {
    expect(lampOf(line("1", { line: "busy", presence: "dnd" }))).toBe("busy");
    expect(lampOf(line("1", { presence: "dnd" }))).toBe("dnd");
    expect(lampOf(line("1", { presence: "offline" }))).toBe("free");
    expect(lampOf(line("1", { line: "waiting" as LineView["line"] }))).toBe("unknown");
  });

  it("is told apart by shape alone", () => {
    const { occupied: _, ...distinct } = SHAPES;
    expect(new Set(Object.values(distinct)).size).toBe(Object.keys(distinct).length);
  });
});
