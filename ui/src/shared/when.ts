// A moment as people say it, with the words for today and yesterday given.

import { clockTime, dayName, daysAgo } from "./time";

export interface DayWords {
  today: string;
  yesterday: string;
}

/** `Today`, `Yesterday`, `Thursday`, `3 Mar`. */
export function day(at: number, now: number, tag: string, words: DayWords): string {
  return dayName(at, now, tag) ?? (daysAgo(at, now) === 0 ? words.today : words.yesterday);
}

/** The time where it was today, else the day. */
export function brief(at: number, now: number, tag: string, words: DayWords): string {
  return daysAgo(at, now) === 0 ? clockTime(at, tag) : day(at, now, tag, words);
}

/** The time, with its day where it was not today. */
export function since(at: number, now: number, tag: string, words: DayWords): string {
  const time = clockTime(at, tag);
  return daysAgo(at, now) === 0 ? time : `${day(at, now, tag, words)} ${time}`;
}
