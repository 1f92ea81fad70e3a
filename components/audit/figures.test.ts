import { expect, test } from "vitest";
import { readOverview } from "@/lib/audit/overview.ts";
import { askedOf, daysAround, delayOf, drawDelay, things, ticksTo, times, took } from "./figures.ts";

test("a reader's fortnight ends with her today, and the server takes it as it is", () => {
  const now = new Date(2026, 10, 24, 16, 48);
  const days = daysAround(now);
  expect([days.at(0), days.at(-2), days.at(-1)]).toEqual([
    new Date(2026, 10, 11),
    new Date(2026, 10, 24),
    new Date(2026, 10, 25),
  ]);
  expect(readOverview.ask.parse(askedOf(days)).days).toEqual(days);
});

test.each([
  [0, [0, 1]],
  [1, [0, 1]],
  [3, [0, 1, 2, 3]],
  [7, [0, 2, 4, 6, 8]],
  [30, [0, 10, 20, 30]],
  [41, [0, 20, 40, 60]],
  [400, [0, 100, 200, 300, 400]],
])("an axis up to %d has its marks where one can count", (most, ticks) => expect(ticksTo(most, things)).toEqual(ticks));

test.each([
  [380, ["0 s", "0.1 s", "0.2 s", "0.3 s", "0.4 s"]],
  [38_000, ["0 s", "10 s", "20 s", "30 s", "40 s"]],
  [200_000, ["0 s", "60 s", "2 min", "3 min", "4 min"]],
  [30_000_000, ["0 s", "4 h", "8 h", "12 h"]],
])("an axis of time up to %d milliseconds is marked as a clock divides it", (most, ticks) =>
  expect(ticksTo(most, times).map(took)).toEqual(ticks),
);

test.each([
  [0, "0 s"],
  [42, "< 0.1 s"],
  [380, "0.4 s"],
  [4_000, "4 s"],
  [38_200, "38 s"],
  [99_400, "99 s"],
  [240_000, "4 min"],
  [7_500_000, "2 h 5 min"],
  [200_000_000, "55 h"],
])("%d milliseconds read %s", (ms, text) => expect(took(ms)).toBe(text));

const at = (hours: number, minutes = 0) => new Date(2026, 10, 24, hours, minutes);
const arrival = (time: Date, took: number) => ({ at: time.toISOString(), took });

test("what still waits is the worst delay of all once it is older than the others were slow", () => {
  const ledger = {
    latest: arrival(at(11), 2_000),
    slowest: [arrival(at(9), 38_000), arrival(at(11), 2_000)],
    waitingSince: null as string | null,
    promised: null,
  };
  expect(delayOf({ at: at(12).toISOString(), ledger })).toEqual({
    waits: null,
    peak: ledger.slowest[0],
    worst: 38_000,
  });
  ledger.waitingSince = at(11, 58).toISOString();
  expect(delayOf({ at: at(12).toISOString(), ledger })).toMatchObject({ waits: 120_000, worst: 120_000 });
});

test("the delay is drawn over the hours in which something happened, and an idle hour is no line", () => {
  const slowest = [arrival(at(8, 15), 5_000), arrival(at(8, 45), 10_000), arrival(at(11, 15), 20_000)];
  const { stretches, ticks } = drawDelay(
    { latest: null, slowest, waitingSince: null, promised: null },
    at(11, 50),
    10_000,
  );
  expect(stretches.map(({ points }) => points)).toEqual([
    [
      { x: 1 / 16, y: 0.5 },
      { x: 3 / 16, y: 1 },
    ],
    [{ x: 13 / 16, y: 1 }],
  ]);
  expect(ticks.map(({ time }) => new Date(time).getHours())).toEqual([8, 9, 10, 11, 12]);
});
