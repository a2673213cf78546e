import type { FoundNumber, PaletteHit, PartyView, Reading, Snapshot } from "../contract.generated";
import { CALLERS } from "./people";
import { extensionParty, numberParty } from "./views";

export function readNumber(text: string, snapshot: Snapshot, from: string | null): Reading {
  const mine = from ?? snapshot.lines.find((line) => line.mine)?.id ?? null;
  const reading: Reading = { text, party: null, rule: null, account: mine?.split("/")[0] ?? null, from: mine, problem: null, not_dialled: null };
  const digits = text.replace(/[\s()/.-]/g, "");
  const line = snapshot.lines.find((it) => it.extension === digits);
  if (line) return { ...reading, party: extensionParty(line), rule: "extension" };
  if (/^\*[\d*#]+$/.test(digits)) return { ...reading, party: plain(digits, "code"), rule: "service_code" };
  if (/^\+\d{6,15}$/.test(digits)) {
    const dropped = text.includes("(0)");
    const dial = dropped ? digits.replace(/^(\+\d\d)0/, "$1") : digits;
    const known = CALLERS.find((caller) => caller.e164 === dial);
    return { ...reading, party: known ? numberParty(known) : plain(dial, "number"), rule: dropped ? "trunk_zero_in_brackets_dropped" : "international" };
  }
  if (/^0\d{5,}$/.test(digits)) return { ...reading, party: plain(`+49${digits.slice(1)}`, "number"), rule: "national" };
  const problem = /[a-z]/i.test(digits)
    ? { code: "number_has_letters", message: "A number with letters can't be dialled.", hint: "Type the digits, or pick a number found in the text." }
    : { code: "number_too_short", message: "The number is too short.", hint: "Add the missing digits, or check that the extension exists." };
  return { ...reading, problem };
}

function plain(dial: string, kind: PartyView["kind"]): PartyView {
  return { kind, dial, number: dial.replace(/^(\+\d\d)(\d{2,3})(\d+)$/, "$1 $2 $3"), region: kind === "number" ? "DE" : null, name: null, company: null };
}

export function find(text: string): FoundNumber[] {
  const found: FoundNumber[] = [];
  for (const [match] of text.matchAll(/[+(]?\d[\d\s().:/-]{3,}\d/g)) {
    const digits = match.replace(/[\s()/-]/g, "");
    if (/^\d{1,2}\.\d{1,2}\.\d{4}$/.test(match)) found.push({ text: match, party: null, rule: null, refused: "date" });
    else if (/^[+0]/.test(digits)) found.push({ text: match, party: plain(digits.replace(/^0/, "+49").replace(/\D(?!^)/g, (c) => (c === "+" ? c : "")), "number"), rule: "national", refused: null });
    else found.push({ text: match, party: null, rule: null, refused: "reference" });
  }
  return found;
}

export function palette(text: string, snapshot: Snapshot, limit: number): PaletteHit[] {
  const query = text.toLowerCase().trim();
  const hits: PaletteHit[] = [];
  const read = query ? readNumber(text, snapshot, null) : null;
  if (read?.party && read.party.kind !== "extension") {
    hits.push({ kind: "number", title: read.party.number, detail: "", dial: text.trim(), number: read.party.number, line: null, rule: read.rule, not_dialled: read.not_dialled, vip: false, similar: false });
  }
  for (const line of snapshot.lines) {
    if (query && `${line.name} ${line.extension}`.toLowerCase().includes(query)) {
      hits.push({ kind: "extension", title: line.name, detail: line.group ?? "", dial: line.extension, number: line.extension, line: line.id, rule: null, not_dialled: null, vip: false, similar: false });
    }
  }
  for (const caller of CALLERS) {
    if (query && !`${caller.name} ${caller.company} ${caller.e164}`.toLowerCase().includes(query)) continue;
    hits.push({
      kind: query ? "contact" : "recent",
      title: caller.name || caller.company,
      detail: caller.name ? caller.company : "",
      dial: caller.e164,
      number: caller.number,
      line: null,
      rule: null,
      not_dialled: null,
      vip: caller.vip ?? false,
      similar: false,
    });
  }
  return hits.slice(0, limit);
}
