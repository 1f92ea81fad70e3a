import { type Consent, choiceFor, type Kind, kindOf, kinds } from "../consent/grant.ts";
import { digestOf, type LedgerDomain, structHash } from "../consent/typed-data.ts";
import { signedBy } from "../keyring/signature.ts";
import { pseudonymOf } from "../visits/pseudonym.ts";
import type { RecordEvidence, StoredEntry } from "./api.ts";
import type { Chain } from "./chain.ts";
import { actorDiffers, attempt, type Difference, type Evidence, intact, patientOf, text } from "./difference.ts";

/** A line of a record: its row, its author’s signature and the patient’s approval. */
export function recordDiffers(
  entry: StoredEntry,
  evidence: Evidence,
  chain: Chain,
  ledger: LedgerDomain,
): Difference[] {
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
