import type { LedgerLog } from "./act.ts";
import type { Obstacle } from "./chain.ts";

/** What keeps acts from the ledger although nothing is wrong with them. The screen has the words. */
export type Trouble = Obstacle | "no-funds" | "low-balance" | "daily-gas" | "stuck";

/** Says once that something began, and once that it is over. */
export interface Alarms {
  raise(trouble: Trouble, sentence: string, facts?: object): void;
  over(...troubles: Trouble[]): void;
  /** The gravest of what is going on, or null. */
  now(): Trouble | null;
}

/** From what stops everything to what only will. */
const GRAVEST_FIRST: Trouble[] = [
  ...(["node-down", "node-doubtful", "second-node-down", "second-node-differs"] as const),
  ...(["no-funds", "daily-gas", "stuck", "low-balance"] as const),
];
/** What passes by itself. */
const PASSING = new Set<Trouble>([
  "node-down",
  "node-doubtful",
  "second-node-down",
  "second-node-differs",
  "low-balance",
]);

export function openAlarms(log: LedgerLog): Alarms {
  const going = new Set<Trouble>();
  return {
    raise: (trouble, sentence, facts = {}) => {
      if (going.has(trouble)) return;
      going.add(trouble);
      if (PASSING.has(trouble)) log.warn({ trouble, ...facts }, sentence);
      else log.error({ trouble, ...facts }, sentence);
    },
    over: (...troubles) => {
      for (const trouble of troubles)
        if (going.delete(trouble)) log.info({ trouble }, "Trouble with the ledger is over.");
    },
    now: () => GRAVEST_FIRST.find((trouble) => going.has(trouble)) ?? null,
  };
}
