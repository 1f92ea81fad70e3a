import { type ConsentView, choiceFor } from "@/lib/consent/grant.ts";
import type { Keys } from "@/lib/keyring/keyring.ts";
import { cancelPrescription, signCancellation } from "@/lib/records/cancellation.ts";
import type { Prescription } from "@/lib/records/prescription.ts";
import { slipOf } from "@/lib/records/slip.ts";
import { Refusal } from "@/lib/refusal.ts";
import { ask } from "@/lib/wire.ts";
import type { Recorder } from "../recorder.ts";

/** A prescription that its doctor takes back, and why. */
export interface TakenBack {
  /** Its record. */
  record: string;
  prescription: Prescription;
  reason: string;
  replacedBy: string | null;
}

/**
 * Takes a prescription back: on the ledger where the permission allows that without a question, otherwise by the doctor's
 * signature alone. Resolves also where it was taken back before.
 */
export async function takeBack(
  { record, prescription, reason, replacedBy }: TakenBack,
  by: {
    visitId: string;
    consent: ConsentView;
    keys: Keys;
    recorder: Pick<Recorder, "cancel">;
    /** age recipients of both people. */
    recipients: readonly string[];
  },
): Promise<void> {
  const { visitId, consent, keys, recorder, recipients } = by;
  const content = { kind: "prescription-cancelled", record, reason, replacedBy } as const;
  const paper = (await slipOf(prescription.slip)).recipient;
  const { revokedAt } = consent;
  const { scopes, validUntil, grantee } = consent.consent;
  // A permission is for one device's key; from another of the doctor's only the signature goes.
  const here = grantee === keys.signer;
  const allows = here && choiceFor(scopes, content.kind) === "allow" && !revokedAt && Date.now() < validUntil * 1000;
  try {
    if (allows) return void (await recorder.cancel(content, paper));
  } catch (fault) {
    if (isDone(fault)) return;
    // The permission ended just now; the prescription is taken back all the same.
    if (!(fault instanceof Refusal && /^(consent|visit)\./.test(fault.code))) throw fault;
  }
  try {
    const signed = await signCancellation(visitId, content, [...recipients, paper], keys);
    await ask(cancelPrescription, { visitId, id: record, ...signed });
  } catch (fault) {
    if (!isDone(fault)) throw fault;
  }
}

const isDone = (fault: unknown) => fault instanceof Refusal && fault.code === "prescription.cancelled";
