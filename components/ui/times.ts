import { capital } from "./text.ts";

const clockOf = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const secondsOf = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const shortOf = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const shortWithYearOf = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const dateOf = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long" });
const fullOf = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric" });
const longOf = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long" });

/** What the ledger counts in seconds. Everything below takes a date, so that nobody guesses what a number counts. */
export const fromSeconds = (seconds: number): Date => new Date(seconds * 1_000);

/** `14:02`, 24 hours, where the reader is. */
export const clock = (at: Date): string => clockOf.format(at);
/** `14:02:31`. Seconds matter in a session's timeline and nowhere else. */
export const clockWithSeconds = (at: Date): string => secondsOf.format(at);
/** `24 Nov`. */
export const shortDay = (at: Date): string => shortOf.format(at);
/** `24 Nov`, with its year when that isn't this one. */
export const shortDayAndYear = (at: Date, now = new Date()): string =>
  at.getFullYear() === now.getFullYear() ? shortDay(at) : shortWithYearOf.format(at);
/** `24 November 2026`: what is read in other years, and on paper. */
export const fullDay = (at: Date): string => fullOf.format(at);
/** `Tuesday 24 November`. */
export const longDay = (at: Date): string => longOf.format(at).replace(",", "");

/** Days from `now` to `at` by the calendar: 0 today, 1 tomorrow, -1 yesterday. */
export function daysUntil(at: Date, now: Date): number {
  return Math.round((midnight(at) - midnight(now)) / 86_400_000);
}

const nearDays: Record<string, string> = { "-1": "yesterday", "0": "today", "1": "tomorrow" };
const near = (at: Date, now: Date): string | undefined => nearDays[String(daysUntil(at, now))];

/** `today`, `tomorrow`, `yesterday`, or `24 November`. */
export const day = (at: Date, now = new Date()): string => near(at, now) ?? dateOf.format(at);

/** `Today, 14:00`, `Tomorrow, 09:00`, `24 Nov, 14:00`. */
export const dayAndClock = (at: Date, now: Date): string => `${capital(near(at, now) ?? shortDay(at))}, ${clock(at)}`;

/** `24 Nov 14:02`, with its year when that isn't this one. */
export const when = (at: Date): string => `${shortDayAndYear(at)} ${clock(at)}`;
/** `24 November, 14:02`. */
export const longWhen = (at: Date): string => `${dateOf.format(at)}, ${clock(at)}`;

/** `until midnight`, `until 02:10 tomorrow`: how a permission's end is told. */
export function until(at: Date, now = new Date()): string {
  const end = midnight(now) + 86_400_000;
  if (Math.abs(at.getTime() - end) < 3_700_000 && at.getHours() === 0 && at.getMinutes() === 0) {
    return "until midnight";
  }
  return daysUntil(at, now) === 0 ? `until ${clock(at)}` : `until ${clock(at)} ${day(at, now)}`;
}

/** `less than a minute`, `1 minute`, `12 minutes`, `2 hours`. */
export function duration(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return "less than a minute";
  if (minutes < 60) return minutes === 1 ? "1 minute" : `${minutes} minutes`;
  const hours = Math.floor(minutes / 60);
  return hours === 1 ? "1 hour" : `${hours} hours`;
}

/** What a `datetime-local` field holds for this moment. */
export function localField(at: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${date}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

function midnight(at: Date): number {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
}

/** `a moment ago`, `3 minutes ago`, `at 14:02`, `on 3 Nov 14:02`: how long something is over, roughly. */
export function ago(at: Date, now: Date): string {
  const minutes = Math.floor((now.getTime() - at.getTime()) / 60_000);
  if (minutes < 1) return "a moment ago";
  if (minutes < 60) return minutes === 1 ? "a minute ago" : `${minutes} minutes ago`;
  return daysUntil(at, now) === 0 ? `at ${clock(at)}` : `on ${when(at)}`;
}
