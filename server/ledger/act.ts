import type { Consent } from "../../lib/consent/grant.ts";
import type { LedgerState } from "../../lib/wire.ts";

/** An act for the contract, as the domains decide it. Hashes and signatures are lower-case hex with `0x`. */
export type LedgerCall =
  | { is: "enroll"; clinician: string; credential: string }
  | { is: "remove"; clinician: string }
  | { is: "grant"; consent: Consent; signature: string }
  | { is: "revoke"; consent: Consent; signature: string }
  | { is: "record"; consent: Consent; entry: LedgerEntry };

/** One record and what authorizes it. `approval` is null unless the patient approved it one by one. */
export interface LedgerEntry {
  kind: number;
  commitment: string;
  number: number;
  signedAt: number;
  byPatient: boolean;
  signature: string;
  approval: string | null;
}

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
