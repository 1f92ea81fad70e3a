import { afterEach, expect, test, vi } from "vitest";
import { rest } from "./rest.ts";

afterEach(() => void vi.useRealTimers());

test("who goes waits no longer: a rest ends with its signal, and leaves nothing running", async () => {
  vi.useFakeTimers();
  const life = new AbortController();
  const resting = rest(6_000, life.signal);
  life.abort(new Error("gone"));
  await expect(resting).rejects.toThrow("gone");
  expect(vi.getTimerCount()).toBe(0);
  await expect(rest(6_000, life.signal)).rejects.toThrow("gone");
  expect(vi.getTimerCount()).toBe(0);
});

test("it ends by itself after its time", async () => {
  vi.useFakeTimers();
  const resting = rest(6_000, new AbortController().signal);
  await vi.advanceTimersByTimeAsync(6_000);
  await expect(resting).resolves.toBeUndefined();
});
