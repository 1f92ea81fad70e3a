import { assertKnownKey, KeyUnproven } from "@/lib/keyring/known.browser.ts";
import type { VisitView } from "@/lib/visits/api.ts";

/**
 * Before anything is sealed to a visit's patient: their key is the one that their signer vouches for, whose permission this
 * is, and the one that took the link. Throws `KeyUnproven` and `KeyChanged`.
 */
export function assertKnownPatient({ id, patient, consent }: Pick<VisitView, "id" | "patient" | "consent">): void {
  if (!patient) return;
  if (consent && consent.consent.patient !== patient.signer)
    throw new KeyUnproven("the permission is another patient’s");
  assertKnownKey(`visit/${id}`, patient);
}
