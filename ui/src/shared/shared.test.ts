import { describe, expect, it } from "vitest";
import { chooseLanguage, fill, languageOf, placeholders } from "./i18n";
import { combination, usableGlobally } from "./keys";
import { clockTime, addDays, dateName, datePattern, dateText, dayName, daysAgo, duration, nextClockTime, roughly, typedDay } from "./time";
import { columnsFor, offsetsOf, rowAt, scrollToShow, visibleRange } from "./virtual";

const EN = languageOf("en");
const HE = languageOf("he");

describe("words", () => {
  it("fills placeholders and leaves unknown ones standing", () => {
    expect(fill("{who} at {time}", { who: "Anna" }, EN)).toBe("Anna at {time}");
  });

  it("does not read placeholders out of values", () => {
    expect(fill("{who}", { who: "{time}", time: "x" }, EN)).toBe("{time}");
  });

  it("chooses the plural by the language", () => {
    const message = { one: "{count} line", other: "{count} lines" };
    expect([0, 1, 2].map((count) => fill(message, { count }, EN))).toEqual(["0 lines", "1 line", "2 lines"]);
    expect(fill({ one: "a", two: "b", other: "c" }, { count: 2 }, HE)).toBe("b");
  });

  it("isolates values in right-to-left text, numbers left to right", () => {
    expect(fill("{who}", { who: "+972 50-123" }, HE)).toBe("\u2066+972 50-123\u2069");
    expect(fill("{who}", { who: "Anna" }, HE)).toBe("\u2068Anna\u2069");
    expect(HE.dir).toBe("rtl");
  });

  it("takes the chosen language, else the user's, else the first", () => {
    expect(chooseLanguage("auto", ["de-CH", "en"], ["en", "de"])).toBe("de");
    expect(chooseLanguage("de", ["en"], ["en", "de"])).toBe("de");
    expect(chooseLanguage("auto", ["fr"], ["en", "de"])).toBe("en");
    expect(chooseLanguage("xx", ["de"], ["en", "de"])).toBe("de");
  });

  it("names placeholders", () => expect(placeholders({ one: "{b}", other: "{a} {b}" })).toEqual(["a", "b"]));
});

describe("time", () => {
  it.each([
    [0, "0:00"],
    [-5000, "0:00"],
    [6_999, "0:06"],
    [761_000, "12:41"],
    [3_723_000, "1:02:03"],
  ])("%d ms is %s", (ms, text) => expect(duration(ms)).toBe(text));

  it.each([
    [0, "< 1 s"],
    [-3, "< 1 s"],
    [22, "22 s"],
    [59.6, "59 s"],
    [90, "1 min"],
    [240, "4 min"],
    [3600, "1 h"],
    [3900, "1 h 5 min"],
  ])("%d s is roughly %s, and no line is broken before its unit", (seconds, text) => {
    expect(roughly(seconds).replaceAll("\u00a0", " ")).toBe(text);
    expect(roughly(seconds)).not.toMatch(/[<\d] (?:\d|s|h|min)\b/);
  });

  it("names days by the calendar, not by 24 hours", () => {
    const now = new Date(2026, 2, 29, 0, 30).getTime();
    expect(daysAgo(new Date(2026, 2, 28, 23, 59).getTime(), now)).toBe(1);
    expect(dayName(new Date(2026, 2, 28, 1, 0).getTime(), now, "en")).toBeNull();
    expect(dayName(new Date(2026, 2, 26).getTime(), now, "en")).toBe("Thursday");
    expect(dayName(new Date(2026, 2, 26).getTime(), now, "de")).toBe("Donnerstag");
    expect(dayName(new Date(2026, 0, 5).getTime(), now, "en")).toBe("Mon 5 Jan");
    expect(dayName(new Date(2025, 0, 3).getTime(), now, "en")).toBe("3 Jan 2025");
  });

  it("counts whole days across changes of summer time", () => {
    for (let day = 1; day < 366; day++) {
      const at = new Date(2026, 0, day, 12).getTime();
      expect(daysAgo(at, new Date(2026, 0, day + 1, 0, 5).getTime())).toBe(1);
    }
  });

  it("writes 24 hours in every language", () => {
    const at = new Date(2026, 0, 1, 0, 5).getTime();
    expect(clockTime(at, "en")).toBe("00:05");
    expect(clockTime(at, "de")).toBe("00:05");
  });

  it("reads a day and the next time of day", () => {
    const noon = new Date(2026, 2, 2, 12, 0).getTime();
    const second = new Date(2026, 2, 2).getTime();
    for (const text of ["2.3.2026", "02.03.26", "2026-03-02", " 2. 3. "]) expect(typedDay(text, noon), text).toBe(second);
    expect(typedDay("24.12.", noon)).toBe(new Date(2025, 11, 24).getTime());
    for (const text of ["13/2/2026", "2/13/2026"]) expect(typedDay(text, noon), text).toBe(new Date(2026, 1, 13).getTime());
    for (const text of ["", "31.2.2026", "2", "1.2.3.4", "gestern 1 2 2026", "2026-3"]) expect(typedDay(text, noon), text).toBeNull();
    expect(datePattern("de", "tmj")).toBe("tt.mm.jjjj");
    expect(dateText(second, "de")).toBe("02.03.2026");
    expect(addDays(new Date(2026, 2, 28, 23, 0).getTime(), 2)).toBe(new Date(2026, 2, 30).getTime());
    const now = new Date(2026, 2, 2, 19, 0).getTime();
    expect(nextClockTime("18:00", now)).toBe(new Date(2026, 2, 3, 18, 0).getTime());
    expect(nextClockTime("23:15", now)).toBe(new Date(2026, 2, 2, 23, 15).getTime());
    expect(nextClockTime("soon", now)).toBeNull();
  });
});

it("no date in digits can be two, whatever the language", () => {
  const at = new Date(2026, 2, 2).getTime();
  for (const tag of ["en", "en-US", "en-GB", "fr", "it", "he"]) {
    const text = dateText(at, tag);
    expect(text, tag).toMatch(/^(2026-03-02|02\.03\.2026)$/);
    expect(typedDay(text, at), tag).toBe(at);
  }
  expect(typedDay("3/2/2026", at), "the second of March, or the third of February").toBeNull();
  expect(dateName(at, "en")).toMatch(/^\d+ Mar 2026$/);
});

describe("a long list", () => {
  const heights = [30, 58, 58, 30, 58];
  const offsets = offsetsOf(heights.length, (i) => heights[i]!);

  it("knows where each row begins", () => expect([...offsets]).toEqual([0, 30, 88, 146, 176, 234]));

  it("finds the row at a point", () => {
    expect([-5, 0, 29, 30, 146, 233, 999].map((y) => rowAt(offsets, y))).toEqual([0, 0, 0, 1, 3, 4, 4]);
  });

  it("draws every row that can be seen and no more than needed", () => {
    const many = offsetsOf(10_000, (i) => (i % 7 === 0 ? 32 : 58));
    for (const top of [0, 100, 5_000, 300_000, many[10_000]! - 700]) {
      const { start, end } = visibleRange(many, top, 700, 160);
      expect(many[start]!).toBeLessThanOrEqual(Math.max(0, top - 160));
      expect(many[end]!).toBeGreaterThanOrEqual(Math.min(many[10_000]!, top + 700));
      expect(end - start).toBeLessThan(40);
    }
    expect(visibleRange(offsetsOf(0, () => 1), 0, 700, 10)).toEqual({ start: 0, end: 0 });
  });

  it("scrolls no further than needed", () => {
    expect(scrollToShow(offsets, 0, 50, 100)).toBe(0);
    expect(scrollToShow(offsets, 4, 0, 100)).toBe(134);
    expect(scrollToShow(offsets, 1, 20, 100)).toBe(20);
  });

  it("fits columns", () => {
    expect(columnsFor(876, 200, 6)).toBe(4);
    expect(columnsFor(100, 200, 6)).toBe(1);
  });
});

describe("keys", () => {
  const press = (code: string, more: KeyboardEventInit = {}) => combination(new KeyboardEvent("keydown", { code, ...more }));

  it("names combinations", () => {
    expect(press("KeyP", { ctrlKey: true, altKey: true })).toBe("Ctrl+Alt+P");
    expect(press("Space", { ctrlKey: true, altKey: true })).toBe("Ctrl+Alt+Space");
    expect(press("F9")).toBe("F9");
    expect(press("ControlLeft", { ctrlKey: true })).toBeNull();
  });

  it("wants a modifier for the whole desktop", () => {
    expect(usableGlobally("P")).toBe(false);
    expect(usableGlobally("Shift+P")).toBe(false);
    expect(usableGlobally("F9")).toBe(true);
    expect(usableGlobally("Ctrl+P")).toBe(true);
  });
});
