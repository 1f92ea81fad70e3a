import { credentialOf } from "../auth/credential.ts";
import { Consent, choiceFor, choicesOf, type Kind, kindOf, kinds, scopesOf } from "../consent/grant.ts";
import { consentId, digestOf, type LedgerDomain, structHash } from "../consent/typed-data.ts";
import { signedBy } from "../keyring/keyring.ts";
import { visitTopic } from "../visits/link.ts";
import { pseudonymOf } from "../visits/pseudonym.ts";
import type { ActView, ConsentEvidence, Line, RecordEvidence, StoredEntry } from "./api.ts";
import type { Chain, Seen } from "./chain.ts";
import { type Action, Actor, type Entry } from "./entry.ts";
import { entryHash } from "./log.ts";

/** Something a line says that what was sealed does not. The words are in components/audit. */
export type What =
  | "hash"
  | "gap"
  | "act"
  | "state"
  | "transaction"
  | "block"
  | "block-hash"
  | "permission"
  | "terms"
  | "choices"
  | "guest"
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
  | "seen";
export interface Difference {
  readonly what: What;
  /** As the ledger, a signature or the next line holds it; null is nothing, or what cannot be read back from a hash. */
  readonly sealed: string | null;
  /** As the database has it now; null is nothing. */
  readonly now: string | null;
}

/**
 * `holds` was held against the ledger. `chained` never went there: it was held against the log's own chain. `pending` is
 * kept here and not on the ledger, so it does not hold yet.
 */
export type Verdict =
  | { readonly is: "holds" }
  | { readonly is: "chained" }
  | { readonly is: "pending"; readonly reason: string | null }
  | { readonly is: "changed"; readonly differs: readonly Difference[] };

/** What a line is held against, beside the ledger. */
export interface Evidence {
  consent(id: string): ConsentEvidence | null;
  record(id: string): RecordEvidence | null;
  /** Whose key this is, as the ledger's own commitment to the credential says; undefined where that was not read. */
  owner(signer: string): string | undefined;
}

const actOf: Partial<Record<Action, ActView["kind"]>> = {
  "consent.granted": "grant",
  "consent.revoked": "revoke",
  "guest.allowed": "grant",
  "guest.revoked": "revoke",
  "record.added": "record",
  "key.enrolled": "enroll",
  "key.removed": "remove",
};

/** A line that gives a permission: the doctor’s or a guest’s. */
export const isGrant = (action: string): boolean => actOf[action as Action] === "grant";

/** The kind of act this line must have queued; null for a line that never goes to the ledger. */
export function actFor(entry: StoredEntry): string | null {
  return entry.refusal === null ? (actOf[entry.action as Action] ?? null) : null;
}

/** One line by itself and against the ledger. Its place among its neighbours is `walk`'s to check. */
export async function verifyLine(line: Line, evidence: Evidence, chain: Chain, ledger: LedgerDomain): Promise<Verdict> {
  const { entry, act } = line;
  const differs: Difference[] = [];
  const now = await hashOf(entry);
  if (now !== entry.hash) differs.push({ what: "hash", sealed: entry.hash, now });

  const kind = actFor(entry);
  if (kind === null) {
    if (act) differs.push({ what: "act", sealed: null, now: act.kind });
    return differs.length > 0 ? { is: "changed", differs } : { is: "chained" };
  }
  if (!act || act.kind !== kind || act.object !== entry.object) {
    differs.push({ what: "act", sealed: kind, now: act?.kind ?? null });
  }
  const seen = seenOf(kind, entry, act, chain);
  if (act) differs.push(...actDiffers(act, seen));
  if (kind === "grant") differs.push(...(await grantDiffers(entry, evidence, chain, ledger)));
  if (kind === "revoke") differs.push(...(await revokeDiffers(entry, evidence, ledger)));
  if (kind === "record") differs.push(...recordDiffers(entry, evidence, chain, ledger));
  if (kind === "enroll") differs.push(...(await enrollDiffers(entry, act, chain)));
  if (differs.length > 0) return { is: "changed", differs };
  return seen && act && isOn(act) ? { is: "holds" } : { is: "pending", reason: act?.reason ?? null };
}

async function hashOf(entry: StoredEntry): Promise<string | null> {
  try {
    return await entryHash(entry as Entry);
  } catch {
    return null; // holds something that has no canonical form, so it was never sealed
  }
}

const isOn = (act: ActView) => act.state === "ledger" || act.state === "final";

function seenOf(kind: string, entry: StoredEntry, act: ActView | null, chain: Chain): Seen | null {
  const object = entry.object ?? "";
  if (kind === "grant") return chain.granted(object);
  if (kind === "revoke") return chain.revoked(object);
  if (kind === "record") return chain.recorded(object);
  // A key may come and go more than once.
  const turns = chain.keys(object).filter((turn) => turn.is === kind);
  return turns.find((turn) => turn.transaction === act?.transaction) ?? turns[0] ?? null;
}

function actDiffers(act: ActView, seen: Seen | null): Difference[] {
  const differs: Difference[] = [];
  if (isOn(act)) {
    if (act.transaction !== (seen?.transaction ?? null))
      differs.push({ what: "transaction", sealed: seen?.transaction ?? null, now: act.transaction });
    if (act.block !== (seen?.block ?? null))
      differs.push({ what: "block", sealed: text(seen?.block), now: text(act.block) });
    if (act.blockHash !== (seen?.blockHash ?? null))
      differs.push({ what: "block-hash", sealed: seen?.blockHash ?? null, now: act.blockHash });
    if (!seen && differs.length === 0) differs.push({ what: "state", sealed: null, now: act.state });
  } else if (act.block !== null || (act.state === "parked" && seen)) {
    // What is not on the ledger has no block, and what is there is not held back.
    differs.push({ what: "state", sealed: seen ? "ledger" : null, now: act.state });
  }
  return differs;
}

const text = (value: number | null | undefined): string | null =>
  value === null || value === undefined ? null : String(value);

/** A row's time is the line's, but for the moments between the two statements: milliseconds. */
const SAME_MOMENT = 60_000;
const sameMoment = (a: string, b: string) => Math.abs(Date.parse(a) - Date.parse(b)) <= SAME_MOMENT;

function actorDiffers(entry: StoredEntry, sealed: Actor | null): Difference[] {
  const now = Actor.safeParse(entry.actor).data;
  if (!sealed || (now && now.is === sealed.is && now.id === sealed.id)) return [];
  return [{ what: "who", sealed: sealed.id, now: now?.id ?? null }];
}

const patientOf = (signer: string): Actor => ({ is: "patient", id: pseudonymOf(signer) });

/** The consent as it was signed: null when its row is not what its id says. */
function intact(evidence: ConsentEvidence | null): Consent | null {
  const parsed = Consent.safeParse(evidence?.consent);
  return parsed.success && idOf(parsed.data) === evidence?.id ? parsed.data : null;
}

function idOf(consent: Consent): string | null {
  return attempt(() => consentId(consent));
}

function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null; // a value of a type that was never signed
  }
}

async function grantDiffers(
  entry: StoredEntry,
  evidence: Evidence,
  chain: Chain,
  ledger: LedgerDomain,
): Promise<Difference[]> {
  const id = entry.object ?? "";
  const row = evidence.consent(id);
  if (!row) return [{ what: "permission", sealed: id, now: null }];
  const differs: Difference[] = [];
  if (entry.consent !== id) differs.push({ what: "permission", sealed: id, now: entry.consent });
  if (row.visitId !== entry.visitId) differs.push({ what: "visit", sealed: entry.visitId, now: row.visitId });
  if (!sameMoment(row.grantedAt, entry.at)) differs.push({ what: "granted-at", sealed: entry.at, now: row.grantedAt });
  const consent = intact(row);
  if (!consent) return [...differs, ...termsDiffer(entry, row)];
  differs.push(...actorDiffers(entry, patientOf(consent.patient)));
  if (consent.visit !== (await visitTopic(entry.visitId ?? "")))
    differs.push({ what: "visit", sealed: consent.visit, now: entry.visitId });
  if (!signedBy(consent.patient, digestOf("Consent", { ...consent }, ledger), row.signature))
    differs.push({ what: "signature", sealed: pseudonymOf(consent.patient), now: row.signature });
  differs.push(...choicesDiffer(entry, consent.scopes), ...guestDiffers(entry, row, consent));
  // A revocation that is on the ledger is its own line's to answer for.
  if (!chain.revoked(id) && (row.revokedAt !== null || row.revocation !== null)) {
    const valid = row.revokedAt !== null && revocationHolds(consent, row, ledger);
    if (!valid) differs.push({ what: "revoked-at", sealed: null, now: row.revokedAt });
  }
  return differs;
}

/** A permission for a guest is told as one, and names the key that it is for. */
function guestDiffers(entry: StoredEntry, row: ConsentEvidence, consent: Consent): Difference[] {
  const named = (entry.detail as Record<string, unknown> | null)?.guest;
  const isGuests = entry.action === "guest.allowed";
  const key = pseudonymOf(consent.grantee);
  if (isGuests === (row.guest !== null) && (!isGuests || named === key)) return [];
  return [
    {
      what: "guest",
      sealed: isGuests ? (typeof named === "string" ? named : null) : null,
      now: row.guest === null ? null : key,
    },
  ];
}

/** Which part of what the patient signed is another now, where the line itself still tells. */
function termsDiffer(entry: StoredEntry, row: ConsentEvidence): Difference[] {
  const parsed = Consent.safeParse(row.consent);
  const consent = parsed.data;
  if (consent) {
    const choices = choicesIn(entry);
    const before = choices && { ...consent, scopes: scopesOf(choices) };
    if (before && idOf(before) === row.id) return choicesDiffer(entry, consent.scopes);
  }
  return [{ what: "terms", sealed: row.id, now: consent ? idOf(consent) : null }];
}

function choicesIn(entry: StoredEntry): ReturnType<typeof choicesOf> | null {
  const detail = entry.detail as Record<string, unknown> | null;
  const isChoice = (value: unknown) => value === "allow" || value === "ask" || value === "deny";
  if (!detail || !isChoice(detail.prescriptions) || !isChoice(detail.files)) return null;
  return { video: "allow", prescriptions: detail.prescriptions, files: detail.files } as ReturnType<typeof choicesOf>;
}

/** The line's own words of the three choices against the bits. */
function choicesDiffer(entry: StoredEntry, scopes: number): Difference[] {
  const told = choicesIn(entry);
  const say = (choices: ReturnType<typeof choicesOf>) => `${choices.prescriptions}, ${choices.files}`;
  const now = say(choicesOf(scopes));
  if (told && say(told) === now && scopesOf(told) === scopes) return [];
  return [{ what: "choices", sealed: told && say(told), now }];
}

function revocationHolds(consent: Consent, row: ConsentEvidence, ledger: LedgerDomain): boolean {
  const digest = digestOf("Revocation", { consent: row.id }, ledger);
  return row.revocation !== null && signedBy(consent.patient, digest, row.revocation);
}

async function revokeDiffers(entry: StoredEntry, evidence: Evidence, ledger: LedgerDomain): Promise<Difference[]> {
  const id = entry.object ?? "";
  const row = evidence.consent(id);
  if (!row) return [{ what: "permission", sealed: id, now: null }];
  const differs: Difference[] = [];
  if (entry.consent !== id) differs.push({ what: "permission", sealed: id, now: entry.consent });
  if (row.revokedAt === null || !sameMoment(row.revokedAt, entry.at))
    differs.push({ what: "revoked-at", sealed: entry.at, now: row.revokedAt });
  const consent = intact(row);
  if (!consent) return differs; // the line that gave it tells
  differs.push(...actorDiffers(entry, patientOf(consent.patient)));
  if (consent.visit !== (await visitTopic(entry.visitId ?? "")))
    differs.push({ what: "visit", sealed: consent.visit, now: entry.visitId });
  if (!revocationHolds(consent, row, ledger))
    differs.push({ what: "revocation", sealed: pseudonymOf(consent.patient), now: row.revocation });
  return differs;
}

function recordDiffers(entry: StoredEntry, evidence: Evidence, chain: Chain, ledger: LedgerDomain): Difference[] {
  const id = entry.object ?? "";
  const row = evidence.record(id);
  if (!row) return [{ what: "record", sealed: id, now: null }];
  const differs = fieldsDiffer(entry, row);
  if (row.visitId !== entry.visitId) differs.push({ what: "visit", sealed: entry.visitId, now: row.visitId });
  const seen = chain.recorded(id);
  if (seen && seen.consent !== entry.consent)
    differs.push({ what: "permission", sealed: seen.consent, now: entry.consent });
  if (seen && seen.byPatient !== row.byPatient)
    differs.push({ what: "author", sealed: side(seen.byPatient), now: side(row.byPatient) });
  if ((row.kind === kinds["file-share"]) !== (row.blob !== null))
    differs.push({ what: "file", sealed: null, now: row.blob });

  const consent = intact(evidence.consent(entry.consent ?? ""));
  if (!consent) {
    // Without its permission a record has no author to be held to; where the row is only changed, the line that gave it tells.
    if (!evidence.consent(entry.consent ?? "")) differs.push({ what: "permission", sealed: entry.consent, now: null });
    return differs;
  }
  const author = row.byPatient ? consent.patient : consent.grantee;
  if (row.author !== author) differs.push({ what: "author", sealed: author, now: row.author });
  const owner = row.byPatient ? undefined : evidence.owner(author);
  if (row.byPatient) differs.push(...actorDiffers(entry, patientOf(author)));
  else if (owner !== undefined) differs.push(...actorDiffers(entry, { is: "staff", id: owner }));
  if (recordId(row) === id) {
    const digest = digestOf("Record", signedPart(row), ledger);
    if (!signedBy(author, digest, row.signature))
      differs.push({ what: "signature", sealed: author, now: row.signature });
    differs.push(...approvalDiffers(row, consent, ledger));
  }
  return differs;
}

const side = (byPatient: boolean) => (byPatient ? "patient" : "doctor");

const signedPart = ({ consent, kind, commitment, number, signedAt }: RecordEvidence) => ({
  consent,
  kind,
  commitment,
  number,
  signedAt,
});
const recordId = (row: RecordEvidence) => attempt(() => structHash("Record", signedPart(row)));

function approvalDiffers(row: RecordEvidence, consent: Consent, ledger: LedgerDomain): Difference[] {
  const asked = !row.byPatient && choiceFor(consent.scopes, kindOf(row.kind)) === "ask";
  if (row.approval === null && !asked) return [];
  const digest = digestOf("Approval", { record: row.id }, ledger);
  if (row.approval !== null && signedBy(consent.patient, digest, row.approval)) return [];
  return [{ what: "approval", sealed: pseudonymOf(consent.patient), now: row.approval }];
}

/** Seconds before its line within which a record was signed, when there was a question to answer in between. */
const SIGNED_BEFORE = 7_200;
const SIGNED_AFTER = 120;

/** The row against its id and against what the line says of it: names the field where it can be found out. */
function fieldsDiffer(entry: StoredEntry, row: RecordEvidence): Difference[] {
  const detail = (entry.detail ?? {}) as { kind?: Kind; number?: number };
  const differs: Difference[] = [];
  if (row.consent !== entry.consent) differs.push({ what: "permission", sealed: entry.consent, now: row.consent });
  const kind = typeof detail.kind === "string" ? kinds[detail.kind] : undefined;
  if (row.kind !== kind) differs.push({ what: "kind", sealed: detail.kind ?? null, now: kindName(row.kind) });
  if (row.number !== detail.number)
    differs.push({ what: "number", sealed: text(detail.number), now: String(row.number) });
  const id = recordId(row);
  if (id === entry.object || differs.length > 0) return differs;
  const at = Math.floor(Date.parse(entry.at) / 1000);
  for (let signedAt = at + SIGNED_AFTER; signedAt >= at - SIGNED_BEFORE; signedAt--) {
    if (recordId({ ...row, signedAt }) === entry.object)
      return [{ what: "signed-at", sealed: iso(signedAt), now: iso(row.signedAt) }];
  }
  // Of the commitment nothing but its hash is left to read.
  return [{ what: "commitment", sealed: null, now: row.commitment }];
}

const iso = (seconds: number) => attempt(() => new Date(seconds * 1000).toISOString()) ?? String(seconds);
const kindName = (number: number) => attempt(() => kindOf(number)) ?? String(number);

/** The ledger holds a commitment to whose key it is; the line holds what opens it. */
async function enrollDiffers(entry: StoredEntry, act: ActView | null, chain: Chain): Promise<Difference[]> {
  const turns = chain.keys(entry.object ?? "").filter((turn) => turn.is === "enroll");
  const turn = turns.find((one) => one.transaction === act?.transaction) ?? turns[0];
  if (!turn) return [];
  const detail = (entry.detail ?? {}) as Record<string, unknown>;
  if (detail.credential !== turn.credential)
    return [{ what: "credential", sealed: turn.credential, now: String(detail.credential ?? "") }];
  const actor = Actor.safeParse(entry.actor).data;
  const opened = await credentialOf(actor?.id ?? "", String(detail.credentialSalt ?? ""));
  if (opened === turn.credential) return [];
  return [{ what: "who", sealed: null, now: actor?.id ?? null }];
}
