// Times of day, days and durations, as people write them. All times are milliseconds since the Unix epoch.

const formats = new Map<string, Intl.DateTimeFormat>();

function format(tag: string, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${tag} ${name}`;
  let found = formats.get(key);
  if (!found) formats.set(key, (found = new Intl.DateTimeFormat(tag, options)));
  return found;
}

/** Day first, as in `Wed 16 Sep`: the language `en` alone is written as in the United States. */
function written(at: number, tag: string, name: string, options: Intl.DateTimeFormatOptions): string {
  const form = format(tag, name, options);
  if (tag !== "en") return form.format(at);
  const parts = form.formatToParts(at);
  return (["weekday", "day", "month", "year"] as const).flatMap((type) => parts.find((part) => part.type === type)?.value ?? []).join(" ");
}

/** `14:02`; always 24 hours, as telephones and rotas write it. */
export function clockTime(at: number, tag: string): string {
  return format(tag, "time", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at);
}

/** `0:06`, `12:41`, `1:02:03`. Never negative, whatever the clocks say. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number) => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** Between a number and its unit no line is broken. */
const NBSP = "\u00a0";

/** `< 1 s`, `22 s`, `4 min`, `1 h 5 min`: whole ones alone, as a clock counts them. The unit signs are the same in every language here. */
export function roughly(seconds: number): string {
  if (seconds < 1) return `<${NBSP}1${NBSP}s`;
  if (seconds < 60) return `${Math.floor(seconds)}${NBSP}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}${NBSP}min`;
  const [hours, rest] = [`${Math.floor(minutes / 60)}${NBSP}h`, minutes % 60];
  return rest ? `${hours} ${rest}${NBSP}min` : hours;
}

/** `10,000`, `10.000`: a count as the language writes it. */
export function whole(value: number, tag: string): string {
  let found = counts.get(tag);
  if (!found) counts.set(tag, (found = new Intl.NumberFormat(tag)));
  return found.format(value);
}

const counts = new Map<string, Intl.NumberFormat>();

export function startOfDay(at: number): number {
  const day = new Date(at);
  day.setHours(0, 0, 0, 0);
  return day.getTime();
}

/** Whole calendar days from `at` to `now`: 0 today, 1 yesterday. Right across changes of summer time. */
export function daysAgo(at: number, now: number): number {
  return Math.round((startOfDay(now) - startOfDay(at)) / 86_400_000);
}

/** A day by its nearest name: the weekday within the last six days, else the date. `null` today and yesterday. */
export function dayName(at: number, now: number, tag: string): string | null {
  const days = daysAgo(at, now);
  if (days === 0 || days === 1) return null;
  if (days > 1 && days < 7) return format(tag, "weekday", { weekday: "long" }).format(at);
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return sameYear ? written(at, tag, "day", { weekday: "short", day: "numeric", month: "short" }) : dateName(at, tag);
}

export function fullTime(at: number, tag: string): string {
  if (tag === "en") return `${dateName(at, tag)}, ${format(tag, "seconds", { timeStyle: "medium", hourCycle: "h23" }).format(at)}`;
  return format(tag, "full", { dateStyle: "medium", timeStyle: "medium", hourCycle: "h23" }).format(at);
}

type DatePart = "day" | "month" | "year";

const ISO: DatePart[] = ["year", "month", "day"];

/**
 * How dates are typed and shown in digits: as the language does with points, which everybody reads day first, else as
 * `2026-03-29`. With strokes one date is two, by the reader's country.
 */
function dateParts(tag: string): { order: DatePart[]; between: string } {
  const parts = format(tag, "digits", { day: "2-digit", month: "2-digit", year: "numeric" }).formatToParts(0);
  const between = parts.find(({ type }) => type === "literal")?.value.trim();
  if (between !== ".") return { order: ISO, between: "-" };
  return { order: parts.flatMap(({ type }) => (type === "day" || type === "month" || type === "year" ? [type] : [])), between };
}

/** How a date is typed, such as `TT.MM.JJJJ`. `letters` stand for day, month and year: `TMJ`. */
export function datePattern(tag: string, letters: string): string {
  const { order, between } = dateParts(tag);
  const [day = "d", month = "m", year = "y"] = letters;
  const of = { day: day.repeat(2), month: month.repeat(2), year: year.repeat(4) };
  return order.map((part) => of[part]).join(between);
}

/** A date in digits, for a field. */
export function dateText(at: number, tag: string): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, "0");
  const of = { day: two(date.getDate()), month: two(date.getMonth() + 1), year: String(date.getFullYear()).padStart(4, "0") };
  const { order, between } = dateParts(tag);
  return order.map((part) => of[part]).join(between);
}

/** A date with its month in letters, for a sentence: `29 Mar 2026`. */
export function dateName(at: number, tag: string): string {
  return written(at, tag, "date", { day: "numeric", month: "short", year: "numeric" });
}

/**
 * The start of a day that was typed: as [`datePattern`] says, with points day first, or in any order that leaves no
 * doubt; without its year it is the last such day. `null` when it is no day of the calendar, or might be two.
 */
export function typedDay(text: string, now: number): number | null {
  const trimmed = text.trim();
  if (!/^\d[\d\s./-]*$/.test(trimmed)) return null;
  const numbers = trimmed.split(/[^\d]+/).filter(Boolean).map(Number);
  const iso = /^\d{4}\D/.test(trimmed);
  const short = numbers.length === 2;
  if (numbers.length !== 3 && !short) return null;
  const [first = 0, second = 0, third = 0] = numbers;
  const [a, b] = iso ? [second, third] : [first, second];
  const year = iso ? first : short ? null : third < 100 ? 2000 + third : third;
  if (iso && short) return null;
  const dayFirst = trimmed.includes(".");
  if (!iso && !dayFirst && a <= 12 && b <= 12 && a !== b) return null;
  const monthFirst = iso || (!dayFirst && b > 12);
  const [month, day] = monthFirst ? [a, b] : [b, a];
  const at = calendarDay(year ?? new Date(now).getFullYear(), month, day);
  if (at === null || year !== null || at <= now) return at;
  return calendarDay(new Date(now).getFullYear() - 1, month, day);
}

function calendarDay(year: number, month: number, day: number): number | null {
  const date = new Date(year, month - 1, day);
  return date.getMonth() === month - 1 && date.getDate() === day ? date.getTime() : null;
}

/** The start of the day that is `days` later, whether the days between have 23, 24 or 25 hours. */
export function addDays(at: number, days: number): number {
  const date = new Date(startOfDay(at));
  date.setDate(date.getDate() + days);
  return date.getTime();
}

/** The next moment at which the clock shows `hh:mm`; `null` when the text is no time. */
export function nextClockTime(text: string, now: number): number | null {
  const match = /^(\d{1,2}):(\d{2})$/.exec(text);
  if (!match) return null;
  const at = new Date(now);
  at.setHours(Number(match[1]), Number(match[2]), 0, 0);
  if (at.getTime() <= now) at.setDate(at.getDate() + 1);
  return at.getTime();
}
