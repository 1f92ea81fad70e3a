import type { Consent } from "../consent/grant.ts";
import { digestOf, type LedgerDomain } from "../consent/typed-data.ts";
import { signedBy } from "../keyring/keyring.ts";
import type { MemberId } from "./member.ts";

/** A permission with the patient's signature: the whole of what the ledger knows it by. */
interface Permission {
  consent: Consent;
  signature: string;
}

/**
 * Whose key speaks for which member of a call, by the patient's word alone. A permission that the patient did not sign, or
 * that is another visit's or another patient's, names nobody. `0x…`, lower case.
 */
export function signersOf(about: {
  ledger: LedgerDomain;
  /** The topic of this visit's consents. */
  visit: string;
  permission: Permission;
  guests: readonly { id: MemberId; consent: Permission | null }[];
}): ReadonlyMap<MemberId, string> {
  const { ledger, visit, permission } = about;
  const { patient, grantee } = permission.consent;
  const signers = new Map<MemberId, string>();
  const holds = ({ consent, signature }: Permission) =>
    consent.visit === visit &&
    consent.patient === patient &&
    signedBy(patient, digestOf("Consent", consent, ledger), signature);
  if (!holds(permission)) return signers;
  signers.set("patient", patient);
  signers.set("clinician", grantee);
  for (const { id, consent } of about.guests) if (consent && holds(consent)) signers.set(id, consent.consent.grantee);
  return signers;
}
