// The words of one window in the language that was chosen.

import { type Catalogue, type Language, type Values, chooseLanguage, fill, languageOf } from "./i18n";

export class Words<C extends Catalogue> {
  #catalogues: Readonly<Record<string, Readonly<Record<keyof C, C[keyof C] | Catalogue[string]>>>>;
  #first: C;
  language = $state.raw<Language>(languageOf("en"));
  #chosen = $state.raw<Readonly<Record<keyof C, Catalogue[string]>>>();

  constructor(first: C, others: Readonly<Record<string, Readonly<Record<keyof C, Catalogue[string]>>>>) {
    this.#first = first;
    this.#catalogues = { en: first, ...others };
    this.#chosen = first;
  }

  /** Takes a language by the setting; `auto` is the computer's. Turns the page round where it is read so. */
  choose(setting: string): void {
    const name = chooseLanguage(setting, navigator.languages, Object.keys(this.#catalogues));
    const language = languageOf(name);
    this.language = language;
    this.#chosen = this.#catalogues[name] ?? this.#first;
    document.documentElement.lang = name;
    document.documentElement.dir = language.dir;
  }

  get available(): string[] {
    return Object.keys(this.#catalogues);
  }

  has(key: string): key is keyof C & string {
    return key in this.#first;
  }

  t = (key: keyof C & string, values: Values = {}): string =>
    fill((this.#chosen ?? this.#first)[key], values, this.language);
}
