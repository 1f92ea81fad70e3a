import { Consent } from "../consent/grant.ts";
import { consentId } from "../consent/typed-data.ts";
import { pseudonymOf } from "../visits/pseudonym.ts";
import type { ConsentEvidence, RecordEvidence, StoredEntry } from "./api.ts";
import { Actor } from "./entry.ts";

/** Something a line says that what was sealed does not. The words are in components/audit. */
export type What =
  | "hash"
  | "gap"
  | "of-visit"
  | "act"
  | "state"
  | "transaction"
  | "block"
  | "block-hash"
  | "permission"
  | "terms"
  | "choices"
  | "guest"
  | "reader"
  | "record"
  | "kind"
  | "number"
  | "signed-at"
  | "commitment"
  | "who"
  | "author"
  | "visit"
  | "signature"
  | "approval"
  | "file"
  | "granted-at"
  | "revoked-at"
  | "revocation"
  | "credential"
  | "omitted"
  | "head"
  | "retained"
  | "seen";
export interface Difference {
  readonly what: What;
  /** As the ledger, a signature or the next line holds it; null is nothing, or what cannot be read back from a hash. */
  readonly sealed: string | null;
  /** As the database has it now; null is nothing. */
  readonly now: string | null;
}

/** What a line is held against, beside the ledger. */
export interface Evidence {
  consent(id: string): ConsentEvidence | null;
  record(id: string): RecordEvidence | null;
  /** Whose key this is, as the ledger's own commitment to the credential says; undefined where that was not read. */
  owner(signer: string): string | undefined;
}

export const text = (value: number | null | undefined): string | null =>
  value === null || value === undefined ? null : String(value);

/** A row's time is the line's, but for the moments between the two statements: milliseconds. */
const SAME_MOMENT = 60_000;
export const sameMoment = (a: string, b: string) => Math.abs(Date.parse(a) - Date.parse(b)) <= SAME_MOMENT;

export function actorDiffers(entry: StoredEntry, sealed: Actor | null): Difference[] {
  const now = Actor.safeParse(entry.actor).data;
  if (!sealed || (now && now.is === sealed.is && now.id === sealed.id)) return [];
  return [{ what: "who", sealed: sealed.id, now: now?.id ?? null }];
}

export const patientOf = (signer: string): Actor => ({ is: "patient", id: pseudonymOf(signer) });

/** The consent as it was signed: null when its row is not what its id says. */
export function intact(evidence: ConsentEvidence | null): Consent | null {
  const parsed = Consent.safeParse(evidence?.consent);
  return parsed.success && idOf(parsed.data) === evidence?.id ? parsed.data : null;
}

export function idOf(consent: Consent): string | null {
  return attempt(() => consentId(consent));
}

export function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null; // a value of a type that was never signed
  }
}
