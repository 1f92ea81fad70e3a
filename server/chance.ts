/** Chance that can be had again: the same seed gives the same draws. For tests and made-up clinics, never for a key of a real one. */
export interface Chance {
  /** From 0 to below 1. */
  next(): number;
  between(low: number, high: number): number;
  oneOf<T>(of: readonly T[]): T;
}

export function chanceOf(seed: number): Chance {
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

/** So many drawn bytes. */
export const drawn = (chance: Chance, bytes: number): Uint8Array =>
  Uint8Array.from({ length: bytes }, () => Math.floor(chance.next() * 256));
