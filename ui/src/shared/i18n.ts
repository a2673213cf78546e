// Catalogues, placeholders and plurals. Knows no language and no word of the domain.

/** One sentence, or one a plural category. `{name}` stands for a value; `count` chooses the category. */
export type Message = string | Partial<Record<Intl.LDMLPluralRule, string>>;
export type Catalogue = Readonly<Record<string, Message>>;
export type Values = Readonly<Record<string, string | number>>;

export interface Language {
  tag: string;
  dir: "ltr" | "rtl";
}

const RTL = new Set(["ar", "fa", "he", "ur", "yi"]);
const ISOLATE_LTR = "\u2066";
const ISOLATE = "\u2068";
const END = "\u2069";

export function languageOf(tag: string): Language {
  const [primary = "en"] = tag.split("-");
  return { tag, dir: RTL.has(primary) ? "rtl" : "ltr" };
}

/** The catalogue to use: the chosen one, else the first of the user's languages that exists, else the first of all. */
export function chooseLanguage(chosen: string, wanted: readonly string[], available: readonly string[]): string {
  const find = (tag: string) => available.find((name) => name === tag) ?? available.find((name) => name === tag.split("-")[0]);
  const tags = chosen === "auto" ? wanted : [chosen, ...wanted];
  for (const tag of tags) {
    const found = find(tag);
    if (found) return found;
  }
  return available[0] ?? "en";
}

const plurals = new Map<string, Intl.PluralRules>();

function category(tag: string, count: number): Intl.LDMLPluralRule {
  let rules = plurals.get(tag);
  if (!rules) plurals.set(tag, (rules = new Intl.PluralRules(tag)));
  return rules.select(count);
}

/** Fills a message. In right-to-left text every value is isolated, numbers left to right. */
export function fill(message: Message, values: Values, language: Language): string {
  const text =
    typeof message === "string"
      ? message
      : (message[category(language.tag, Number(values["count"] ?? 0))] ?? message.other ?? "");
  if (!text.includes("{")) return text;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    const written = String(value);
    if (language.dir === "ltr") return written;
    return (/^[+\d][\d\s().:/-]*$/.test(written) ? ISOLATE_LTR : ISOLATE) + written + END;
  });
}

/** The names between braces, for comparing catalogues. */
export function placeholders(message: Message): string[] {
  const texts = typeof message === "string" ? [message] : Object.values(message);
  return [...new Set(texts.flatMap((text) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "")))].sort();
}
