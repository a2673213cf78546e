// Who works in the office inside the browser, and who calls it.

export interface Group {
  name: string;
  account: string;
  first: number;
  names: string[];
}

export const GROUPS: Group[] = [
  {
    name: "Support",
    account: "office",
    first: 22,
    names: [
      "Amira Haddad", "Beat Zürcher", "Clara Nussbaum", "David Meier", "Elif Yıldız", "Fabio Conti", "Greta Lindqvist",
      "Hannes Ott", "Ines Kovač", "Lea Sommer", "Jonas Wyss", "Katrin Sommer", "Milo Brenner", "Nora Keil",
    ],
  },
  {
    name: "Sales",
    account: "office",
    first: 41,
    names: [
      "Luca Bianchi", "Maja Novak", "Noa Levi", "Oskar Brandt", "Paula Graf", "Quentin Roche", "Rina Shapira", "Sven Holm",
      "Tove Dahl", "Ugo Ferri", "Valentin Roth", "Yael Mizrahi",
    ],
  },
  {
    name: "Branch",
    account: "branch",
    first: 61,
    names: [
      "Tamara Weiss", "Urs Frei", "Vera Lang", "Wim de Boer", "Xenia Popp", "Yann Keller", "Zoe Hartmann", "Adam Krüger",
      "Berta Moser", "Cem Aydın", "Dora Huber", "Emil Gasser", "Flora Steiner", "Gian Caduff", "Hilde Baumann",
      "Ivo Marti", "Jana Vogel", "Kurt Egli", "Lina Roth", "Max Wirz",
    ],
  },
];

/** With `?all`: the lines of two further services. */
export const MORE_GROUPS: Group[] = [
  { name: "Hotline", account: "hotline", first: 101, names: ["Dana Peretz", "Lea Sommer", "Omer Katz", "Shira Ben-Ami", "Tal Golan", "Yoav Mizrahi"] },
  { name: "Köln", account: "cologne", first: 11, names: ["Anke Busch", "Jörg Kaiser", "Malte Voss"] },
];

export interface Caller {
  name: string;
  company: string;
  e164: string;
  number: string;
  region: string;
  vip?: boolean;
  note?: string;
}

export const CALLERS: Caller[] = [
  { name: "Dr. Miriam Lenz", company: "Orthopädie Lenz, Köln", e164: "+4922166966966", number: "+49 221 66966966", region: "DE", vip: true, note: "answer within 20 s" },
  { name: "", company: "Stadtwerke Aalen", e164: "+4973619520", number: "+49 7361 9520", region: "DE" },
  { name: "Haim Azoulay", company: "Azoulay Trading", e164: "+972501234567", number: "+972 50-123-4567", region: "IL" },
  { name: "", company: "Hôtel Beau Rivage", e164: "+41446681800", number: "+41 44 668 18 00", region: "CH" },
  { name: "Jean Moreau", company: "Moreau & Fils", e164: "+33186995704", number: "+33 1 86 99 57 04", region: "FR" },
  { name: "Sabine Albrecht", company: "Kanzlei Albrecht", e164: "+498921094400", number: "+49 89 21094400", region: "DE" },
];

export const STRANGER: Caller = { name: "", company: "", e164: "+41446681801", number: "+41 44 668 18 01", region: "CH" };
