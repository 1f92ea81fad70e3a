import type * as z from "zod/mini";
import { DAYS, type Overview, type readOverview } from "@/lib/audit/overview.ts";

/** Where this reader's last fourteen days begin, by this browser's calendar, and where today ends. */
export function daysAround(now: Date): Date[] {
  return Array.from(
    { length: DAYS + 1 },
    (_, i) => new Date(now.getFullYear(), now.getMonth(), now.getDate() - DAYS + 1 + i),
  );
}

export const askedOf = (days: readonly Date[]): z.input<typeof readOverview.ask> => ({
  days: days.map((day) => day.toISOString()).join(),
});

/** What an axis counts by: things, and milliseconds as a clock divides them. */
export const things = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000];
export const times = [
  100,
  200,
  500,
  ...[1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_800, 3_600, 14_400].map((s) => s * 1_000),
];

/** For what is counted in thousands and more. */
export const units = [1, 2, 5]
  .flatMap((one) => [1e3, 1e4, 1e5, 1e6, 1e7].map((zeros) => one * zeros))
  .sort((a, b) => a - b);
const inShort = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });
/** `62K`. */
export const gasWords = (gas: number): string => inShort.format(gas);

/** The marks of an axis from 0 up to at least `most`, four at most above it while the steps reach that far. */
export function ticksTo(most: number, steps: readonly number[]): number[] {
  const step = steps.find((one) => most / one <= 4) ?? Math.ceil(most / 4);
  return Array.from({ length: Math.max(1, Math.ceil(most / step)) + 1 }, (_, i) => i * step);
}

/** Milliseconds as one tells them: `< 0.1 s`, `0.4 s`, `38 s`, `4 min`, `2 h 5 min`. */
export function took(ms: number): string {
  if (ms > 0 && ms < 50) return "< 0.1 s";
  if (ms < 9_950) return `${(ms / 1_000).toFixed(1).replace(/\.0$/, "")} s`;
  if (ms < 99_500) return `${Math.round(ms / 1_000)} s`;
  const minutes = Math.round(ms / 60_000);
  if (minutes < 100) return `${minutes} min`;
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return rest > 0 && hours < 24 ? `${hours} h ${rest} min` : `${hours} h`;
}

/** How the ledger keeps up: what still waits is late by its age, however quick the others were. */
export function delayOf({ at, ledger }: Pick<Overview, "at" | "ledger">) {
  const waits = ledger.waitingSince === null ? null : Math.max(0, Date.parse(at) - Date.parse(ledger.waitingSince));
  const peak = ledger.slowest.reduce<Overview["ledger"]["latest"]>(
    (worst, one) => (worst && worst.took >= one.took ? worst : one),
    null,
  );
  return { waits, peak, worst: Math.max(waits ?? 0, peak?.took ?? 0) };
}

/** One stretch of the delay's line: points that follow each other without an idle half hour between. */
export interface Stretch {
  readonly points: readonly { readonly x: number; readonly y: number }[];
}
const HALF_HOUR = 1_800_000;

/** The day's delays drawn to scale, 0 to 1 in both directions, from the first hour something happened to the hour of `now`. */
export function drawDelay(ledger: Overview["ledger"], now: Date, top: number) {
  const hourOf = (at: number, later: number) => {
    const day = new Date(at);
    return new Date(day.getFullYear(), day.getMonth(), day.getDate(), day.getHours() + later).getTime();
  };
  const first = ledger.slowest[0];
  const to = hourOf(now.getTime(), 1);
  const from = Math.min(first ? hourOf(Date.parse(first.at), 0) : to, to - 2 * 2 * HALF_HOUR);
  const x = (at: number) => (at - from) / (to - from);
  const stretches: { points: { x: number; y: number }[] }[] = [];
  let before = Number.NEGATIVE_INFINITY;
  for (const { at, took } of ledger.slowest) {
    const time = Date.parse(at);
    if (time - before > 2 * HALF_HOUR) stretches.push({ points: [] });
    stretches.at(-1)!.points.push({ x: x(time), y: Math.min(1, took / top) });
    before = time;
  }
  const hours = Math.round((to - from) / (2 * HALF_HOUR));
  const every = [1, 2, 3, 4, 6, 12].find((step) => hours / step <= 5) ?? 12;
  const ticks = Array.from({ length: Math.floor(hours / every) + 1 }, (_, i) => from + i * every * 2 * HALF_HOUR);
  return { stretches: stretches as readonly Stretch[], x, ticks: ticks.map((time) => ({ at: x(time), time })) };
}
