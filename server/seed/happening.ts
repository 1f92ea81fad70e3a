import { toHex } from "../../lib/keyring/bytes.ts";
import { type Chance, drawn } from "../chance.ts";
import type { LedgerCall } from "../ledger/act.ts";
import { account, claim, clinic, clinicianKey, consent, record, user, visit } from "../storage/schema.ts";
import type { NewEntry } from "../storage/storage.ts";

/** A line before it has its place: when, what, and the act that it queued. */
export interface Happening {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly line: NewEntry;
  readonly call?: LedgerCall;
}

/** Tables that are filled beside the trail, in the order in which they may refer to each other. */
export const filled = { clinic, user, account, clinicianKey, visit, claim, consent, record };
export type Rows = { [Name in keyof typeof filled]: (typeof filled)[Name]["$inferInsert"][] };

export const noRows = (): Rows => ({
  ...{ clinic: [], user: [], account: [], clinicianKey: [] },
  ...{ visit: [], claim: [], consent: [], record: [] },
});

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const hexFrom = (chance: Chance, bytes: number): string => toHex(drawn(chance, bytes));
/** A name as accounts, visits and acts have one. */
export const idFrom = (chance: Chance): string => hexFrom(chance, 16).slice(2);
export const yes = (chance: Chance, share: number): boolean => chance.next() < share;
