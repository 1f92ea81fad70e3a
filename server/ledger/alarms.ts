import { Trouble } from "../../lib/ledger/api.ts";
import type { LedgerLog } from "./act.ts";

/** Says once that something began, and once that it is over. */
export interface Alarms {
  raise(trouble: Trouble, sentence: string, facts?: object): void;
  over(...troubles: Trouble[]): void;
  /** The gravest of what is going on, or null. */
  now(): Trouble | null;
}

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
    now: () => Trouble.options.find((trouble) => going.has(trouble)) ?? null,
  };
}
