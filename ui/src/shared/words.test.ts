// A language that is read when it is wanted.

import { expect, it } from "vitest";
import { Words } from "./words.svelte";

interface Hello {
  [key: string]: string;
  hello: string;
}

/** Two languages, each of which comes when it is let. */
function late() {
  const let_: Record<string, (catalogue: Hello) => void> = {};
  const asked: string[] = [];
  const source = (name: string) => () => {
    asked.push(name);
    return new Promise<Hello>((resolve) => (let_[name] = resolve));
  };
  return { words: new Words<Hello>({ en: [source("en")], de: [source("de")] }), come: (name: string, hello: string) => let_[name]?.({ hello }), asked };
}

it("keeps the language there is until the chosen one is read, and reads each once", async () => {
  const { words, come, asked } = late();
  const first = words.choose("en");
  come("en", "Hello");
  await first;
  const second = words.choose("de");
  expect(words.t("hello")).toBe("Hello");
  expect(document.documentElement.lang).toBe("en");
  come("de", "Guten Tag");
  await second;
  expect([words.t("hello"), words.language.tag, document.documentElement.lang]).toEqual(["Guten Tag", "de", "de"]);
  await words.choose("en");
  expect(words.t("hello")).toBe("Hello");
  expect(asked).toEqual(["en", "de"]);
});

it("does not let a slow one come over one that was chosen later", async () => {
  const { words, come } = late();
  const slow = words.choose("de");
  const quick = words.choose("en");
  come("en", "Hello");
  await quick;
  come("de", "Guten Tag");
  await slow;
  expect(words.t("hello")).toBe("Hello");
});

it("has words at once where they need not be read", () => {
  const words = new Words<Hello>({ en: [{ hello: "Hello" }], de: [{ hello: "Guten Tag" }] });
  expect(words.t("hello")).toBe("Hello");
  void words.choose("de");
  expect(words.t("hello")).toBe("Guten Tag");
});

it("reads what a start needs, and the rest when it is asked to, of every language from then on", async () => {
  const rest: string[] = [];
  const later = (name: string) => async () => {
    rest.push(name);
    return { bye: `bye ${name}` };
  };
  const words = new Words<Record<"hello" | "bye", string>>({ en: [async () => ({ hello: "Hello" }), later("en")], de: [async () => ({ hello: "Guten Tag" }), later("de")] });
  await words.choose("en");
  expect([words.t("hello"), words.has("bye"), words.t("bye"), rest]).toEqual(["Hello", false, "", []]);
  await words.complete();
  expect(words.t("bye")).toBe("bye en");
  await words.choose("de");
  expect([words.t("hello"), words.t("bye"), rest]).toEqual(["Guten Tag", "bye de", ["en", "de"]]);
});
