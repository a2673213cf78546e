import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync("src/styles/tokens.css", "utf8");

function tokens(selector: string): Record<string, string> {
  const start = css.indexOf(`${selector} {`);
  const block = css.slice(start, css.indexOf("}", start));
  return Object.fromEntries([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map((match) => [match[1], match[2]]));
}

/** WCAG 2.2 relative luminance. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const TEXT: [string, string[]][] = [
  ["ink", ["page", "surface", "raised", "sunken", "hover", "accent-ground"]],
  ["muted", ["page", "surface", "raised", "sunken", "hover", "accent-ground", "bad-ground"]],
  ["accent", ["surface", "page", "raised"]],
  ["on-accent", ["accent", "accent-hover"]],
  ["ringing-ink", ["ringing-ground", "raised", "surface"]],
  ["banner-ink", ["banner-ground", "surface", "raised"]],
  ["bad-ink", ["surface", "raised", "page", "bad-ground"]],
  ["good-ink", ["surface", "raised"]],
  ["page", ["ink", "lamp-busy"]],
];
const LAMPS: [string, string[]][] = [
  ["lamp-idle", ["surface", "raised"]],
  ["lamp-ringing-edge", ["ringing-ground", "raised", "surface"]],
  ["lamp-busy", ["surface", "raised"]],
  ["lamp-dnd", ["surface", "raised"]],
  ["lamp-away", ["surface", "raised"]],
  ["lamp-off", ["surface", "raised", "sunken"]],
  // The bar within the disc is what tells it apart.
  ["surface", ["lamp-busy"]],
  // The edge of a field.
  ["line-strong", ["surface", "raised"]],
];

describe.each([
  ["light", ":root"],
  ["dark", ':root[data-theme="dark"]'],
])("in %s", (_, selector) => {
  const values = tokens(selector);
  const check = (pairs: [string, string[]][], least: number) => {
    for (const [front, backs] of pairs) {
      for (const back of backs) {
        expect(values[front], front).toBeDefined();
        expect(values[back], back).toBeDefined();
        expect(contrast(values[front]!, values[back]!), `${front} on ${back}`).toBeGreaterThanOrEqual(least);
      }
    }
  };

  it("text can be read (4.5:1)", () => check(TEXT, 4.5));
  it("lamps and edges can be seen (3:1)", () => check(LAMPS, 3));
});

it("the dark values are the same by choice and by the computer's wish", () => {
  expect(tokens(':root[data-theme="dark"]')).toEqual(tokens(':root:not([data-theme="light"])'));
});
