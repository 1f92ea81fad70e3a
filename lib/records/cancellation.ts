import * as z from "zod/mini";
import type { Keys } from "../keyring/keyring.ts";
import { VisitId } from "../visits/visit.ts";
import { Base64, Bytes32, endpoint, Instant, Recipient, Signature } from "../wire.ts";
import { envelopeOf, openRecord, sealRecord } from "./envelope.ts";
import type { PrescriptionCancelled } from "./prescription.ts";
import { ciphertextOf, sealEnvelope, sealHolds } from "./seal.ts";

/**
 * The doctor's word that a prescription is not to be dispensed any more. Where the patient's permission still allows it, it is a
 * record on the ledger; where not, it is this alone, signed all the same: a prescription that may harm is never left to stand
 * because a permission has run out.
 */
const Signed = z.object({
  commitment: Bytes32,
  /** An age file for the prescription's recipients. */
  envelope: Base64.check(z.maxLength(90_000)),
  recipients: z.array(Recipient).check(z.length(3)),
  /** The doctor's, over the envelope. */
  seal: Signature,
});
type Signed = z.infer<typeof Signed>;

export const Cancellation = z.extend(Signed, {
  at: Instant,
  /** Its own record on the ledger, or null. */
  record: z.nullable(Bytes32),
});
export type Cancellation = z.infer<typeof Cancellation>;

const OfPrescription = z.strictObject({ visitId: VisitId, id: Bytes32 });

/** Off the ledger. `prescription.cancelled` where it already is. */
export const cancelPrescription = endpoint({
  method: "POST",
  path: "/api/visits/:visitId/records/:id/cancel",
  ask: z.extend(OfPrescription, Signed.shape),
  answer: z.object({ at: Instant }),
});

/** A read that goes on the trail. */
export const readCancellation = endpoint({
  method: "GET",
  path: "/api/visits/:visitId/records/:id/cancellation",
  ask: OfPrescription,
  answer: Cancellation,
});

const kind = "prescription-cancelled";

/** For the off-ledger way. */
export async function signCancellation(
  visit: string,
  content: PrescriptionCancelled,
  recipients: readonly string[],
  keys: Keys,
): Promise<Signed> {
  const { commitment, envelope, ciphertext } = await sealRecord({ visitId: visit, content, recipients });
  const seal = await sealEnvelope(envelopeOf({ visit, kind, ciphertext, commitment, recipients }), keys);
  return { commitment, envelope, recipients: [...recipients], seal };
}

/** True when this signer said so, in this visit, to these people. */
export async function cancellationHolds(visit: string, signed: Signed, signer: string): Promise<boolean> {
  const { commitment, envelope, recipients, seal } = signed;
  const ciphertext = await ciphertextOf(envelope);
  return sealHolds(envelopeOf({ visit, kind, ciphertext, commitment, recipients }), signer, seal);
}

/** Throws where it is not the doctor's, or about another prescription. */
export async function openCancellation(about: {
  visit: string;
  prescription: string;
  signer: string;
  cancellation: Cancellation;
  keys: Pick<Keys, "open">;
}): Promise<PrescriptionCancelled> {
  const { visit, prescription, signer, cancellation, keys } = about;
  if (!(await cancellationHolds(visit, cancellation, signer))) throw new Error("This is not the doctor’s.");
  const { envelope, commitment } = cancellation;
  const content = await openRecord({ envelope, keys, commitment, visitId: visit });
  if (content.kind !== kind || content.record !== prescription) throw new Error("This is about something else.");
  return content;
}
