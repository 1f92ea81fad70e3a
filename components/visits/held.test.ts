import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { held } from "./held.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const lines = () => {
  const opened: AbortSignal[] = [];
  return { opened, line: held((signal) => opened.push(signal), 3_000) };
};

test("the screen that comes next has the same one, already open", () => {
  const { opened, line } = lines();
  const list = line.hold();
  list.release();
  vi.advanceTimersByTime(2_000);
  const visit = line.hold();
  vi.advanceTimersByTime(60_000);
  expect(visit.it).toBe(list.it);
  expect(opened.map((signal) => signal.aborted)).toEqual([false]);
});

test("when nobody wants it any more it ends, and whoever comes later opens another", () => {
  const { opened, line } = lines();
  const [one, two] = [line.hold(), line.hold()];
  one.release();
  one.release();
  vi.advanceTimersByTime(60_000);
  expect(opened[0]?.aborted).toBe(false);
  two.release();
  vi.advanceTimersByTime(3_000);
  expect(opened[0]?.aborted).toBe(true);
  line.hold();
  expect(opened.map((signal) => signal.aborted)).toEqual([true, false]);
  line.end();
  expect(opened[1]?.aborted).toBe(true);
});
