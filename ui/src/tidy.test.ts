// The house rules of the interface.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import start from "./messages/en/start";

const SRC = join(process.cwd(), "src");
const files = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.(ts|svelte|css)$/.test(name))
  .map((name) => ({ name: name.replaceAll("\\", "/"), text: readFileSync(join(SRC, name), "utf8") }));
const code = files.filter((file) => !file.name.endsWith(".test.ts"));
const imports = (text: string) => [...text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map((match) => match[1] ?? "");
const offenders = (bad: (file: { name: string; text: string }) => boolean) => code.filter(bad).map((file) => file.name);

/** A page's first file and all that is read with it. */
function startOf(entry: string): Set<string> {
  const seen = new Set<string>();
  const follow = (name: string) => {
    if (seen.has(name)) return;
    seen.add(name);
    const text = code.find((it) => it.name === name)?.text ?? "";
    const fetched = new Set([...text.matchAll(/import\(\s*"([^"]+)"/g)].map((match) => match[1]));
    for (const from of imports(text)) {
      if (!from.startsWith(".") || fetched.has(from)) continue;
      const path = join(name, "..", from).replaceAll("\\", "/");
      const found = [path, `${path}.ts`, `${path}/index.ts`].find((it) => code.some((file) => file.name === it));
      if (found) follow(found);
    }
  };
  follow(entry);
  return seen;
}

describe("the interface", () => {
  it("makes no markup out of text", () => {
    expect(offenders(({ text }) => /\{@html|innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(/.test(text))).toEqual([]);
  });

  it("has no style written into markup, which the content policy forbids", () => {
    expect(offenders(({ name, text }) => name.endsWith(".svelte") && /\sstyle=["{]/.test(text))).toEqual([]);
  });

  it("names colours in the tokens only", () => {
    const colour = /#[0-9a-f]{3,8}\b(?!-)|\brgba?\(|\bhsla?\(/i;
    expect(
      offenders(({ name, text }) => {
        if (name === "styles/tokens.css") return false;
        const css = name.endsWith(".css") ? text : name.endsWith(".svelte") ? (/<style>([\s\S]*)<\/style>/.exec(text)?.[1] ?? "") : "";
        return colour.test(css);
      }),
    ).toEqual([]);
  });

  it("lets nothing scroll behind a dialog but what is a dialog's own", () => {
    const own = ["Dialog", "Popover", "WhyPanel", "ThrowDialog", "Palette", "OwnLines"];
    const bad = offenders(({ name, text }) => name.endsWith(".svelte") && /overflow[^;]*\bauto;/.test(text) && !/class="[^"]*\bscrolls\b/.test(text));
    expect(bad.map((name) => /(\w+)\.svelte$/.exec(name)?.[1]).filter((name) => !own.includes(name ?? ""))).toEqual([]);
  });

  it("knows Tauri in one file", () => {
    expect(offenders(({ text }) => imports(text).some((from) => from.startsWith("@tauri-apps/")))).toEqual(["host/tauri.ts"]);
  });

  it("keeps features apart", () => {
    const bad = code.flatMap(({ name, text }) => {
      const own = /^features\/([^/]+)\//.exec(name)?.[1];
      if (!own) return [];
      return imports(text)
        .filter((from) => from.startsWith("../") && !/^\.\.\/\.\.\//.test(from))
        .concat(imports(text).filter((from) => /\/features\//.test(from) || /\/views\//.test(from)))
        .map((from) => `${name} -> ${from}`);
    });
    expect(bad).toEqual([]);
  });

  it("has no word of the domain in the shared parts", () => {
    const bad = code
      .filter(({ name }) => name.startsWith("shared/"))
      .flatMap(({ name, text }) => imports(text).filter((from) => /^\.\.\//.test(from)).map((from) => `${name} -> ${from}`));
    expect(bad).toEqual([]);
  });

  it("keeps the card's window small: nothing of the main window in it", () => {
    const seen = startOf("card.ts");
    expect([...seen].filter((name) => /^(views|model|messages\/index)|^features\/(?!card\/)/.test(name))).toEqual([]);
    expect(seen.size).toBeGreaterThan(10);
  });

  it("has every word of the main window's start in the part that is read first", () => {
    const keys = Object.keys(start);
    const said = [...startOf("main.ts")].flatMap((name) => {
      const text = code.find((it) => it.name === name)?.text ?? "";
      return [...text.matchAll(/\bt\(\s*(?:[^"`()]*\? ?)?(["`])([a-z_]+\.[^"`]*)\1/g)].map((match) => ({ name, key: match[2] ?? "" }));
    });
    expect(said.length).toBeGreaterThan(80);
    const known = (key: string) => keys.some((it) => (key.includes("${") ? it.startsWith(key.slice(0, key.indexOf("${"))) : it === key));
    expect(said.filter(({ key }) => !known(key))).toEqual([]);
  });

  it("has no god file", () => {
    expect(offenders(({ name, text }) => name !== "host/contract.generated.ts" && text.split("\n").length > 400)).toEqual([]);
  });

  it("loads nothing from the net", () => {
    const pages = ["index.html", "card.html"].map((name) => readFileSync(join(process.cwd(), name), "utf8"));
    for (const page of pages) {
      expect(page).not.toMatch(/https?:|style=|<style|\son\w+=/);
      expect(page.match(/<script[^>]*>([\s\S]*?)<\/script>/)?.[1]?.trim()).toBe("");
    }
    expect(offenders(({ name, text }) => name.endsWith(".css") && /url\(["']?https?:|@import/.test(text))).toEqual([]);
  });
});
