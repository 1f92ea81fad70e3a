import { randomInt } from "node:crypto";
import { availableParallelism, loadavg } from "node:os";

/** Chance that can be had again: it prints its seed, and takes it from `ASSENT_SEED`. */
export interface Chance {
  /** From 0 to below 1. */
  next(): number;
  between(low: number, high: number): number;
  oneOf<T>(of: readonly T[]): T;
}

export function seeded(what: string): Chance {
  const seed = Number(process.env.ASSENT_SEED ?? randomInt(2 ** 31));
  console.log(`${what}: ASSENT_SEED=${seed}`);
  let state = seed;
  const next = () => {
    // mulberry32
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    between: (low, high) => low + next() * (high - low),
    oneOf: (of) => of[Math.floor(next() * of.length)]!,
  };
}

/** How often a suite kills or reorgs: few by default, `ASSENT_ROUNDS` for the long night. */
export const rounds = (few: number) => Number(process.env.ASSENT_ROUNDS ?? few);

/** The value that this share of them does not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** A time for a machine that does nothing else, in milliseconds; a busy one has as much more as it is busier. */
export const unhurried = (ms: number) => ms * Math.max(1, (loadavg()[0] ?? 0) / availableParallelism());
