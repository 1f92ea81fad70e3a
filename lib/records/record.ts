import * as z from "zod/mini";
import { Kind } from "../consent/grant.ts";
import { ReceiptOrNone } from "../ledger/receipt.ts";
import { VisitId } from "../visits/visit.ts";
import { Base64, Bytes32, Instant, LedgerState, Recipient, Seconds, Signature, Signer } from "../wire.ts";

/** How many besides the visit's two people its envelope is sealed to: of a prescription, whoever holds its paper. */
export const othersOf = (kind: Kind): number => (kind === "prescription" || kind === "prescription-cancelled" ? 1 : 0);

/** Of one medicine. */
export const MOST_REFILLS = 12;

/** Of a prescription, what its paper is known by: the hash of the token that it gives, and how long and how often it is good. */
export const NewSlip = z.strictObject({
  tokenHash: Bytes32,
  until: Seconds,
  times: z.int().check(z.gte(1), z.lte(1 + MOST_REFILLS)),
});
export type NewSlip = z.infer<typeof NewSlip>;

/** What the author signs with `Record`, and the envelope it stands for. `envelope` is an age file, `seal` the author's signature over it. */
export const NewRecord = z.strictObject({
  kind: Kind,
  commitment: Bytes32,
  number: z.int().check(z.gte(1), z.lte(16_000_000)),
  signedAt: Seconds,
  signature: Signature,
  envelope: Base64.check(z.maxLength(90_000)),
  /** Whom the envelope is sealed to. */
  recipients: z.array(Recipient).check(z.minLength(2), z.maxLength(3)),
  seal: Signature,
  blob: z.nullable(Bytes32),
  slip: z.nullable(NewSlip),
  /** Of a cancellation: the record of the prescription. */
  cancels: z.nullable(Bytes32),
});
export type NewRecord = z.infer<typeof NewRecord>;

/** Given out by a pharmacy. `note` is an age file for the envelope's recipients: `DispenseNote`. */
export const Dispensed = z.object({ at: Instant, note: Base64 });

/** What became of a prescription since. */
export const SlipState = z.object({
  until: Instant,
  times: z.int(),
  /** Each time, in their order. */
  dispensed: z.array(Dispensed),
  /** Tries to dispense it once more than that, and when the last was. */
  refused: z.nullable(z.object({ times: z.int(), last: Instant })),
  cancelledAt: z.nullable(Instant),
});
export type SlipState = z.infer<typeof SlipState>;

/** A record as both people and the audit see it: never its content. `id` is the EIP-712 struct hash of the `Record`. */
export const RecordView = z.object({
  id: Bytes32,
  visitId: VisitId,
  consent: Bytes32,
  kind: Kind,
  author: Signer,
  byPatient: z.boolean(),
  commitment: Bytes32,
  number: z.int(),
  signedAt: Seconds,
  signature: Signature,
  approval: z.nullable(Signature),
  blob: z.nullable(Bytes32),
  /** Of a prescription. */
  slip: z.nullable(SlipState),
  /** Nobody has its content any more. */
  erased: z.boolean(),
  ledger: LedgerState,
  reason: z.nullable(z.string()),
  transaction: z.nullable(Bytes32),
  block: z.nullable(z.int()),
  receipt: ReceiptOrNone,
});
export type RecordView = z.infer<typeof RecordView>;

export const AskState = z.enum(["open", "approved", "refused", "withdrawn"]);
/** A record that waits for the patient's yes. */
export const AskView = z.object({
  id: Bytes32,
  visitId: VisitId,
  kind: Kind,
  state: AskState,
  blob: z.nullable(Bytes32),
  askedAt: Instant,
  answeredAt: z.nullable(Instant),
});
export type AskView = z.infer<typeof AskView>;

/** 1 GB: a shared file's largest size, in bytes of plaintext. */
export const LARGEST_FILE = 1024 ** 3;
/** The same sealed, which adds a little. */
export const LARGEST_SEALED = 1_100_000_000;
/** Ciphertext goes up in pieces of this many bytes. */
export const UPLOAD_PIECE = 4 * 1024 * 1024;
