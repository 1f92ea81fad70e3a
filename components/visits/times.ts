const clockOf = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const shortOf = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const longOf = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long" });

/** `14:02`, 24 hours, where the reader is. */
export const clock = (at: Date): string => clockOf.format(at);
/** `24 Nov`. */
export const shortDay = (at: Date): string => shortOf.format(at);
/** `Tuesday 24 November`. */
export const longDay = (at: Date): string => longOf.format(at).replace(",", "");

/** Days from `now` to `at` by the calendar: 0 today, 1 tomorrow, -1 yesterday. */
export function daysUntil(at: Date, now: Date): number {
  return Math.round((midnight(at) - midnight(now)) / 86_400_000);
}

/** `Today, 14:00`, `Tomorrow, 09:00`, `24 Nov, 14:00`. */
export function dayAndClock(at: Date, now: Date): string {
  const day = { "-1": "Yesterday", "0": "Today", "1": "Tomorrow" }[String(daysUntil(at, now))] ?? shortDay(at);
  return `${day}, ${clock(at)}`;
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
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

function midnight(at: Date): number {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
}
