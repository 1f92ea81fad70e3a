const clockOf = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const dayOf = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long" });

export type Moment = Date | string | number;

/** Seconds (as the ledger counts), an ISO instant or a date. */
const dateOf = (at: Moment): Date => (typeof at === "number" ? new Date(at * 1000) : new Date(at));

/** `14:02`, in the reader's own zone. */
export const clock = (at: Moment): string => clockOf.format(dateOf(at));

/** `today`, `tomorrow`, `yesterday`, or `24 November`. */
export function day(at: Moment, now = new Date()): string {
  const date = dateOf(at);
  const days = Math.round((midnightOf(date) - midnightOf(now)) / 86_400_000);
  return { "-1": "yesterday", "0": "today", "1": "tomorrow" }[String(days)] ?? dayOf.format(date);
}

/** `until midnight`, `until 02:10 tomorrow`: how a permission's end is told. */
export function until(at: Moment, now = new Date()): string {
  const date = dateOf(at);
  const end = midnightOf(now) + 86_400_000;
  if (Math.abs(date.getTime() - end) < 3_700_000 && date.getHours() === 0 && date.getMinutes() === 0) {
    return "until midnight";
  }
  return day(date, now) === "today" ? `until ${clock(date)}` : `until ${clock(date)} ${day(date, now)}`;
}

function midnightOf(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}
