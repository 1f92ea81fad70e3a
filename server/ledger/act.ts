import type { TreeHead } from "../../lib/audit/checkpoint.ts";
import type { Act, Entry } from "../../lib/ledger/submission.ts";
import type { LedgerState } from "../../lib/wire.ts";

/** An act for the contract, as the domains decide it. Hashes and signatures are lower-case hex with `0x`. */
export type LedgerCall =
  | { is: "enroll"; clinician: string; credential: string }
  | { is: "remove"; clinician: string }
  /** The audit log at one size, with the proof that it begins with the one that was anchored last. */
  | { is: "anchor"; from: TreeHead; to: TreeHead; proof: string[]; signature: string }
  | Act;

/** One record and what authorizes it. */
export type LedgerEntry = Entry;

/** An act that changed its state. `reason` is the contract's error when it is parked. */
export interface Moved {
  id: string;
  kind: LedgerCall["is"];
  object: string;
  visitId: string | null;
  state: LedgerState;
  reason: string | null;
}

export interface LedgerLog {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}
