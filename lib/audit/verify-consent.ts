import { Consent, choicesOf, scopesOf } from "../consent/grant.ts";
import { SHARE_SCOPES } from "../consent/share-terms.ts";
import { digestOf, type LedgerDomain } from "../consent/typed-data.ts";
import { signedBy } from "../keyring/signature.ts";
import { visitTopic } from "../visits/link.ts";
import { pseudonymOf } from "../visits/pseudonym.ts";
import type { ConsentEvidence, StoredEntry } from "./api.ts";
import type { Chain } from "./chain.ts";
import { actorDiffers, type Difference, type Evidence, idOf, intact, patientOf, sameMoment } from "./difference.ts";

/** A line that gives a permission: its row, what the patient signed, and what the line itself says. */
export async function grantDiffers(
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
  differs.push(...guestDiffers(entry, row, consent), ...readerDiffers(entry, row, consent, evidence));
  if (row.share === null) differs.push(...choicesDiffer(entry, consent.scopes));
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

/** A permission to read is told as one, allows nothing else, and names whose key it is for. */
function readerDiffers(entry: StoredEntry, row: ConsentEvidence, consent: Consent, evidence: Evidence): Difference[] {
  const isReaders = entry.action === "share.granted";
  const named = (entry.detail as Record<string, unknown> | null)?.reader;
  const owner = evidence.owner(consent.grantee);
  const same = isReaders === (row.share !== null);
  if (same && !isReaders) return [];
  if (same && consent.scopes === SHARE_SCOPES && (owner === undefined || owner === named)) return [];
  return [
    {
      what: "reader",
      sealed: isReaders ? String(named ?? "") : null,
      now: row.share === null ? null : (owner ?? null),
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

/** A line that takes one back. */
export async function revokeDiffers(
  entry: StoredEntry,
  evidence: Evidence,
  ledger: LedgerDomain,
): Promise<Difference[]> {
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
