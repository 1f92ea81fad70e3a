import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { bring } from "./bring.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const didNotCome = () => Object.assign(new Error("Failed to load chunk"), { name: "ChunkLoadError" });
/** Comes at the `nth` try. */
const comesAt = (nth: number) => vi.fn(async () => (--nth > 0 ? Promise.reject(didNotCome()) : "code"));

test("code that doesn't come while the line is down is asked for until it does, and that it is late is told once", async () => {
  const [load, late] = [comesAt(9), vi.fn()];
  const brought = bring(load, new AbortController().signal, late);
  await vi.runAllTimersAsync();
  expect(await brought).toBe("code");
  expect([load.mock.calls.length, late.mock.calls.length]).toEqual([9, 1]);
});

test("nobody who left is waited for", async () => {
  const life = new AbortController();
  const load = comesAt(9);
  const brought = bring(load, life.signal).catch((fault: unknown) => fault);
  await vi.advanceTimersByTimeAsync(600);
  life.abort(new Error("the page was left"));
  expect(await brought).toMatchObject({ message: "the page was left" });
  const asked = load.mock.calls.length;
  await vi.runAllTimersAsync();
  expect(load.mock.calls.length).toBe(asked);
});

test("a fault in the code itself is not tried away", async () => {
  const load = vi.fn(async () => Promise.reject(new TypeError("ours")));
  await expect(bring(load, new AbortController().signal)).rejects.toThrow("ours");
  expect(load).toHaveBeenCalledOnce();
});
