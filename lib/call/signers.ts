import type { Consent, ConsentState } from "../consent/grant.ts";
import { digestOf, type LedgerDomain } from "../consent/typed-data.ts";
import { signedBy } from "../keyring/keyring.ts";
import type { MemberId } from "./member.ts";
import type { Permission } from "./permission.ts";

interface Given {
  consent: Consent;
  signature: string;
  state: ConsentState;
}

/** The permissions of a visit that count now, as its doctor and patient see them. */
export function permissionsOf(visit: {
  consent: Given | null;
  guests: readonly { id: string; consent: Given | null }[];
}): Permission[] {
  const given = [{ id: "clinician", consent: visit.consent }, ...visit.guests];
  return given.flatMap(({ id: member, consent }) =>
    consent?.state === "live" ? { member, consent: consent.consent, signature: consent.signature } : [],
  );
}

/**
 * Whose key speaks for which member of a call, by the patient's word alone. The doctor's permission says who the patient is;
 * what that patient did not sign, is another visit's or has run out names nobody. When one begins is the signing itself: a clock
 * that is behind keeps nobody out. `0x…`, lower case.
 */
export function signersOf(about: {
  ledger: LedgerDomain;
  /** The topic of this visit's consents. */
  visit: string;
  permissions: readonly Permission[];
  /** Unix seconds. */
  at: number;
}): ReadonlyMap<MemberId, string> {
  const { ledger, visit, at } = about;
  const permissions = about.permissions.filter(({ consent }) => at <= consent.validUntil);
  const signers = new Map<MemberId, string>();
  const patient = permissions.find(({ member }) => member === "clinician")?.consent.patient;
  for (const { member, consent, signature } of permissions) {
    if (member === "patient" || consent.visit !== visit || consent.patient !== patient) continue;
    if (!signedBy(patient, digestOf("Consent", consent, ledger), signature)) continue;
    signers.set(member, consent.grantee);
    if (member === "clinician") signers.set("patient", patient);
  }
  return signers;
}
