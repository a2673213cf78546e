// The words of one window in the language that was chosen.

import { type Catalogue, type Language, type Values, chooseLanguage, fill, languageOf } from "./i18n";

/** Some of the keys in another language. */
type Part<C extends Catalogue> = Readonly<Partial<Record<keyof C, Catalogue[string]>>>;

/** A part of a catalogue, or how it is read once it is wanted. */
export type Source<C extends Catalogue> = Part<C> | (() => Promise<Part<C>>);

export class Words<C extends Catalogue> {
  #sources: Record<string, Source<C>[]>;
  #wanted: string;
  /** How many parts are to be read. */
  #depth = 1;
  #chosen = $state.raw<Part<C> | null>(null);
  language = $state.raw<Language>(languageOf("en"));

  /**
   * Each language in parts, of which the first is what a window shows at its start. The first language is for those
   * whose own there is none of.
   */
  constructor(sources: Readonly<Record<string, readonly Source<C>[]>>) {
    this.#sources = Object.fromEntries(Object.entries(sources).map(([name, parts]) => [name, [...parts]]));
    this.#wanted = this.available[0] ?? "en";
    const [first] = this.#sources[this.#wanted] ?? [];
    if (typeof first === "object") this.#chosen = first;
  }

  /**
   * Takes a language by the setting; `auto` is the computer's. Turns the page round where it is read so. One that
   * has to be read first comes as soon as it is there: until then, and where it cannot be read, the last one stays.
   */
  choose(setting: string): Promise<void> {
    this.#wanted = chooseLanguage(setting, navigator.languages, this.available);
    return this.#bring(this.#wanted);
  }

  /** Reads all parts, of this language and of any that is chosen later. */
  complete(): Promise<void> {
    this.#depth = Number.POSITIVE_INFINITY;
    return this.#bring(this.#wanted);
  }

  get available(): string[] {
    return Object.keys(this.#sources);
  }

  has(key: string): key is keyof C & string {
    return this.#chosen !== null && key in this.#chosen;
  }

  t = (key: keyof C & string, values: Values = {}): string => fill(this.#chosen?.[key] ?? "", values, this.language);

  #bring(name: string): Promise<void> {
    const parts = this.#sources[name] ?? [];
    const needed = parts.slice(0, this.#depth);
    const read = needed.filter((part): part is Part<C> => typeof part === "object");
    if (read.length === needed.length) return Promise.resolve(this.#take(name, read));
    const reading = needed.map(async (part, i) => {
      if (typeof part === "function") parts[i] = await part();
    });
    return Promise.all(reading).then(() => (this.#wanted === name ? this.#bring(name) : undefined));
  }

  #take(name: string, parts: readonly Part<C>[]): void {
    const language = languageOf(name);
    this.language = language;
    this.#chosen = parts.length === 1 ? parts[0]! : Object.assign({}, ...parts);
    document.documentElement.lang = name;
    document.documentElement.dir = language.dir;
  }
}
