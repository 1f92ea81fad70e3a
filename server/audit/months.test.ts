import { expect, test } from "vitest";
import { spanOf } from "./months.ts";

test.each([
  ["2026-10", "UTC", "2026-10-01T00:00:00.000Z", "2026-11-01T00:00:00.000Z"],
  ["2026-12", "UTC", "2026-12-01T00:00:00.000Z", "2027-01-01T00:00:00.000Z"],
  // The clock is put back on 25 October, and forward on 29 March.
  ["2026-10", "Europe/Lisbon", "2026-09-30T23:00:00.000Z", "2026-11-01T00:00:00.000Z"],
  ["2026-03", "Europe/Berlin", "2026-02-28T23:00:00.000Z", "2026-03-31T22:00:00.000Z"],
  ["2026-11", "America/New_York", "2026-11-01T04:00:00.000Z", "2026-12-01T05:00:00.000Z"],
  ["2026-07", "Asia/Kathmandu", "2026-06-30T18:15:00.000Z", "2026-07-31T18:15:00.000Z"],
])("%s of %s", (month, zone, from, to) => {
  expect(spanOf(month, zone).map((at) => at.toISOString())).toEqual([from, to]);
});
