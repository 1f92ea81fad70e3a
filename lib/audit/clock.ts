import type { StoredEntry } from "./api.ts";
import type { Seen } from "./chain.ts";

/**
 * A line whose time is in doubt: it is before the line before it, or far from when its act came onto the ledger. Its place is
 * not in doubt, since lines are in the order of their numbers, and nothing was changed: a clock was wrong, or the ledger late.
 */
export interface OddTime {
  readonly against: "line" | "ledger";
  /** By how much, in milliseconds: below zero it is too early. */
  readonly by: number;
}

/** How far a line's time may be from the ledger's, in milliseconds. */
const APART = 5 * 60_000;

/** `seen` says where its act is, when it has one that is there. */
export function oddTime(entry: StoredEntry, before: StoredEntry | null, seen: Seen | null): OddTime | null {
  const at = Date.parse(entry.at);
  if (before && at < Date.parse(before.at)) return { against: "line", by: at - Date.parse(before.at) };
  const mined = seen?.at ?? null;
  if (mined !== null && Math.abs(at - mined) > APART) return { against: "ledger", by: at - mined };
  return null;
}
