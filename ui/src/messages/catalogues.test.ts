import { readFileSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type Message, placeholders } from "../shared/i18n";
import cardDe from "./de/card";
import { de } from "./de";
import cardEn from "./en/card";
import { en } from "./en";
import { problemText, words } from ".";

const pairs: [string, Record<string, Message>, Record<string, Message>, string][] = [
  ["main, de", en, de, "de"],
  ["card, de", cardEn, cardDe, "de"],
];

describe.each(pairs)("the catalogue of %s", (_, first, other, tag) => {
  it("has the same keys", () => expect(Object.keys(other).sort()).toEqual(Object.keys(first).sort()));

  it("has the same placeholders", () => {
    for (const [key, message] of Object.entries(first)) {
      expect(placeholders(other[key] ?? ""), key).toEqual(placeholders(message));
    }
  });

  it("has words for every plural the language knows", () => {
    const needed = new Intl.PluralRules(tag).resolvedOptions().pluralCategories;
    for (const [key, message] of Object.entries(other)) {
      if (typeof message !== "string") expect(Object.keys(message).sort(), key).toEqual([...needed].sort());
    }
  });

  it("leaves nothing empty, and holds no markup", () => {
    for (const [key, message] of [...Object.entries(first), ...Object.entries(other)]) {
      for (const text of typeof message === "string" ? [message] : Object.values(message)) {
        expect(text.trim(), key).not.toBe("");
        expect(text, key).not.toMatch(/<[a-z/]/i);
      }
    }
  });
});

it("no key of one part hides a key of another", () => {
  const parts = readdirSync("src/messages/en").filter((name) => name !== "card.ts");
  const keys = parts.flatMap((name) =>
    [...readFileSync(`src/messages/en/${name}`, "utf8").matchAll(/^ {2}"([^"]+)":/gm)].map((match) => match[1]),
  );
  expect(keys).toHaveLength(new Set(keys).size);
  expect(keys).toHaveLength(Object.keys(en).length);
});

describe("a problem", () => {
  const problem = { code: "forbidden", message: "The service does not allow this: no licence 4711.", hint: "Ask Petra." };

  it("keeps the app's own words in English where they say more", () => {
    void words.choose("en");
    expect(problemText(problem).message).toBe(problem.message);
    expect(problemText({ ...problem, message: "somebody said no by itself" }).message).toBe("The service does not allow this.");
  });

  it("is translated by its code, with the original at hand", () => {
    void words.choose("de");
    const text = problemText(problem);
    expect(text.message).toBe("Der Dienst erlaubt das nicht.");
    expect([text.original, text.detail]).toEqual([problem.message, problem.message]);
    expect(problemText({ ...problem, message: "The service does not allow this." }).detail).toBe("");
    void words.choose("en");
  });

  it("names what it is about in both languages, and keeps what was seen for the details", () => {
    const params = { service: "NFON", host: "cti.example:443", proxy: "proxy.example:3128", by: "40 s" };
    const seen = { message: "no answer from cti.example:443", hint: "", params, details: "unexpected EOF during chunk size line" };
    for (const [language, code, message] of [
      ["en", "unreachable", "No answer from NFON at cti.example:443."],
      ["de", "unreachable", "Keine Antwort von NFON unter cti.example:443."],
      ["en", "proxy_sign_in", "The proxy proxy.example:3128 wants a sign-in."],
      ["de", "proxy_sign_in", "Der Proxy proxy.example:3128 verlangt eine Anmeldung."],
      ["en", "clock_behind", "This computer’s clock is 40 s behind NFON."],
      ["de", "clock_ahead", "Die Uhr dieses Rechners geht gegenüber NFON 40 s vor."],
    ] as const) {
      void words.choose(language);
      const text = problemText({ ...seen, code });
      expect([text.message, text.details, text.original, text.detail]).toEqual([message, seen.details, "", ""]);
    }
    void words.choose("de");
    expect(problemText({ code: "unreachable", message: "", hint: "" }).message).toBe("Keine Antwort vom Dienst.");
    expect(problemText({ code: "proxy_sign_in", message: "", hint: "", params: {} }).message).toBe("Der Proxy dieses Netzes verlangt eine Anmeldung.");
    void words.choose("en");
  });

  it("is told in a service's own words where that service has some", () => {
    void words.choose("de");
    const refused = { code: "sign_in_refused", message: "Swisscom refused them", hint: "Check both." };
    expect(problemText(refused, "swisscom").message).toBe("Swisscom lehnte Customer Key und Customer Secret ab.");
    expect(problemText(refused, "swisscom").hint).toMatch(/Werktag/);
    expect(problemText(refused, "nfon")).toEqual(problemText(refused));
    void words.choose("en");
  });

  it("of an unknown code falls back to the app's words in every language", () => {
    void words.choose("de");
    const unknown = { ...problem, code: "brand_new", message: "the service is on holiday" };
    expect(problemText(unknown).message).toBe("The service is on holiday.");
    void words.choose("en");
  });
});
