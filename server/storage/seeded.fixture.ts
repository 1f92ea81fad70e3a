import { randomInt } from "node:crypto";
import { availableParallelism, loadavg } from "node:os";
import { type Chance, chanceOf } from "../chance.ts";

export type { Chance } from "../chance.ts";

/** Chance that can be had again: it prints its seed, and takes it from `ASSENT_SEED`. */
export function seeded(what: string): Chance {
  const seed = Number(process.env.ASSENT_SEED ?? randomInt(2 ** 31));
  console.log(`${what}: ASSENT_SEED=${seed}`);
  return chanceOf(seed);
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
