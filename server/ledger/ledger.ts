import type { Consent } from "../../lib/consent/grant.ts";
import type { LedgerState } from "../../lib/wire.ts";
import type { Storage, Writer } from "../storage/storage.ts";

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

export interface LedgerStatus {
  block: number;
  /** Acts that are kept but not on the ledger yet. */
  behind: number;
  state: "ok" | "behind" | "read-only";
}

export interface Ledger {
  readonly about: { label: string; local: boolean; chainId: string; address: string };
  /**
   * Puts an act into the caller's transaction and resolves to its id. Throws `Refusal("ledger.read-only")` when the
   * ledger takes no acts; a `revoke` or `remove` is kept all the same, since closing access must never fail.
   */
  queue(tx: Writer, act: { call: LedgerCall; visitId?: string | undefined; object: string }): Promise<string>;
  /** What the contract would say now, counting the acts that are still queued: null is yes, else the custom error's name. Not inside a transaction. */
  simulate(call: LedgerCall): Promise<string | null>;
  /** Something was queued and committed. */
  kick(): void;
  status(): Promise<LedgerStatus>;
  /** Reads for browsers. Throws a `Refusal` for what is not allowed and `RpcError` for what the node answers. */
  rpc(method: string, params: unknown): Promise<unknown>;
  /** Resolves once everything queued is final or parked. */
  whenIdle(): Promise<void>;
  close(): Promise<void>;
}

export interface LedgerOptions {
  storage: Storage;
  /** The install's data folder: keys go to `secrets/`, the chain's own files to `ledger/`. */
  folder: string;
  log: LedgerLog;
  /** After the commit that moved it. */
  onMoved(act: Moved): void;
  /** How many blocks must follow an act's block before it is final. */
  confirmations?: number | undefined;
}

export async function openLedger(_options: LedgerOptions): Promise<Ledger> {
  throw new Error("not yet");
}
