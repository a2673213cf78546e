// The words of one window in the language that was chosen.

import { type Catalogue, type Language, type Values, chooseLanguage, fill, languageOf } from "./i18n";

/** The same keys in another language. */
export type Translation<C extends Catalogue> = Readonly<Record<keyof C, Catalogue[string]>>;

/** A catalogue, or how it is read once it is wanted. */
export type Source<C extends Catalogue> = Translation<C> | (() => Promise<Translation<C>>);

export class Words<C extends Catalogue> {
  #sources: Record<string, Source<C>>;
  #wanted = "";
  #chosen = $state.raw<Translation<C> | null>(null);
  language = $state.raw<Language>(languageOf("en"));

  /** The first is for those whose own language there is none of. */
  constructor(sources: Readonly<Record<string, Source<C>>>) {
    this.#sources = { ...sources };
    const [first] = Object.values(sources);
    if (typeof first !== "function") this.#chosen = first ?? null;
  }

  /**
   * Takes a language by the setting; `auto` is the computer's. Turns the page round where it is read so. One that
   * has to be read first comes as soon as it is there: until then, and where it cannot be read, the last one stays.
   */
  choose(setting: string): Promise<void> {
    const name = chooseLanguage(setting, navigator.languages, this.available);
    this.#wanted = name;
    const source = this.#sources[name];
    if (typeof source !== "function") return Promise.resolve(this.#take(name, source));
    return source().then((catalogue) => {
      this.#sources[name] = catalogue;
      if (this.#wanted === name) this.#take(name, catalogue);
    });
  }

  get available(): string[] {
    return Object.keys(this.#sources);
  }

  has(key: string): key is keyof C & string {
    return this.#chosen !== null && key in this.#chosen;
  }

  t = (key: keyof C & string, values: Values = {}): string =>
    this.#chosen ? fill(this.#chosen[key], values, this.language) : "";

  #take(name: string, catalogue: Translation<C> | undefined): void {
    const language = languageOf(name);
    this.language = language;
    if (catalogue) this.#chosen = catalogue;
    document.documentElement.lang = name;
    document.documentElement.dir = language.dir;
  }
}
