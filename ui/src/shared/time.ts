// Times of day, days and durations, as people write them. All times are milliseconds since the Unix epoch.

const formats = new Map<string, Intl.DateTimeFormat>();

function format(tag: string, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${tag} ${name}`;
  let found = formats.get(key);
  if (!found) formats.set(key, (found = new Intl.DateTimeFormat(tag, options)));
  return found;
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

/** `< 1 s`, `22 s`, `4 min`, `1 h 5 min`. The unit signs are the same in every language here. */
export function roughly(seconds: number): string {
  if (seconds < 0.5) return "< 1 s";
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return rest ? `${Math.floor(minutes / 60)} h ${rest} min` : `${minutes / 60} h`;
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
  return sameYear
    ? format(tag, "day", { weekday: "short", day: "numeric", month: "short" }).format(at)
    : format(tag, "date", { day: "numeric", month: "short", year: "numeric" }).format(at);
}

export function fullTime(at: number, tag: string): string {
  return format(tag, "full", { dateStyle: "medium", timeStyle: "medium", hourCycle: "h23" }).format(at);
}

type DatePart = "day" | "month" | "year";

/** The order in which a language writes a date, and what it puts between. */
function dateParts(tag: string): { order: DatePart[]; between: string } {
  const parts = format(tag, "digits", { day: "2-digit", month: "2-digit", year: "numeric" }).formatToParts(0);
  const order = parts.flatMap(({ type }) => (type === "day" || type === "month" || type === "year" ? [type] : []));
  return { order, between: parts.find(({ type }) => type === "literal")?.value.trim() || " " };
}

/** How a date is typed, such as `TT.MM.JJJJ`. `letters` stand for day, month and year: `TMJ`. */
export function datePattern(tag: string, letters: string): string {
  const { order, between } = dateParts(tag);
  const [day = "d", month = "m", year = "y"] = letters;
  const of = { day: day.repeat(2), month: month.repeat(2), year: year.repeat(4) };
  return order.map((part) => of[part]).join(between);
}

/** A date as the language types it. */
export function dateText(at: number, tag: string): string {
  return format(tag, "digits", { day: "2-digit", month: "2-digit", year: "numeric" }).format(at);
}

/**
 * The start of a day that was typed, in the language's order or as `2026-03-29`; without its year it is the last such
 * day. `null` when it is no day of the calendar.
 */
export function typedDay(text: string, tag: string, now: number): number | null {
  const numbers = text.split(/[^\d]+/).filter(Boolean);
  const first = numbers[0] ?? "";
  const order: DatePart[] = first.length === 4 ? ["year", "month", "day"] : dateParts(tag).order;
  const given = numbers.length === 2 ? order.filter((part) => part !== "year") : order;
  if (numbers.length !== given.length || !/^[\d\s./-]+$/.test(text)) return null;
  const of = (part: DatePart) => Number(numbers[given.indexOf(part)] ?? Number.NaN);
  const year = given.includes("year") ? of("year") : new Date(now).getFullYear();
  const at = calendarDay(year < 100 ? 2000 + year : year, of("month"), of("day"));
  if (at === null || given.includes("year") || at <= now) return at;
  return calendarDay(year - 1, of("month"), of("day"));
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
