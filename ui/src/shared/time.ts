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

/** `22 s`, `4 min`, `1 h 5 min`. The unit signs are the same in every language here. */
export function roughly(seconds: number): string {
  if (seconds < 60) return `${Math.max(0, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return rest ? `${Math.floor(minutes / 60)} h ${rest} min` : `${minutes / 60} h`;
}

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

/** What an `<input type="date">` holds, as the start of that day here; `null` when it holds none. */
export function dayFromInput(text: string): number | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) return null;
  return new Date(Number(match[1]), Number(match[2]) - 1, Number(match[3])).getTime();
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
