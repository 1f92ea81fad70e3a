import { type Consent, type ConsentState, choicesOf, scopesOf } from "../consent/grant.ts";
import { guestChoices, guestTermsText } from "../consent/guest-terms.ts";
import { termsHash, termsText } from "../consent/terms.ts";
import { digestOf, type LedgerDomain } from "../consent/typed-data.ts";
import { signedBy } from "../keyring/signature.ts";
import { GuestRole } from "../visits/guest.ts";
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

/** Who is named in the texts that the patient signed. */
export interface TermsOf {
  clinic: string;
  clinician: string;
}

/**
 * Whose key speaks for which member of a call, by the patient's word alone. The doctor's permission says who the patient is;
 * what that patient did not sign, is another visit's or has run out names nobody. When one begins is the signing itself: a clock
 * that is behind keeps nobody out. `0x…`, lower case.
 */
export async function signersOf(about: {
  ledger: LedgerDomain;
  /** The topic of this visit's consents. */
  visit: string;
  permissions: readonly Permission[];
  terms: TermsOf;
  /** Unix seconds. */
  at: number;
}): Promise<ReadonlyMap<MemberId, string>> {
  const { ledger, visit, at } = about;
  const permissions: Permission[] = [];
  for (const one of about.permissions) {
    // Who somebody is in the call is not the server's word: the text that was signed says doctor or guest.
    if (at <= one.consent.validUntil && (await isOf(one, about.terms))) permissions.push(one);
  }
  const signers = new Map<MemberId, string>();
  const patient = permissions.find(({ member }) => member === "clinician")?.consent.patient;
  for (const { member, consent, signature } of permissions) {
    if (member === "patient" || consent.visit !== visit || consent.patient !== patient) continue;
    if (!signed(patient, digestOf("Consent", consent, ledger), signature)) continue;
    signers.set(member, consent.grantee);
    if (member === "clinician") signers.set("patient", patient);
  }
  return signers;
}

/** A permission is looked at with every connection that is made, and its signature stays what it is. */
const known = new Map<string, boolean>();

function signed(by: string, digest: string, signature: string): boolean {
  const key = `${by} ${digest} ${signature}`;
  const holds = known.get(key) ?? signedBy(by, digest, signature);
  known.set(key, holds);
  return holds;
}

async function isOf({ member, consent }: Permission, { clinic, clinician }: TermsOf): Promise<boolean> {
  const { scopes, terms, validUntil } = consent;
  const about = { clinic, clinician, validUntil, version: 1 } as const;
  if (member === "clinician") return terms === (await termsHash(termsText({ ...about, choices: choicesOf(scopes) })));
  if (scopes !== scopesOf(guestChoices)) return false;
  const texts = await Promise.all(GuestRole.options.map((role) => termsHash(guestTermsText({ ...about, role }))));
  return texts.includes(terms);
}
