import type * as z from "zod/mini";
import { type Consent, type Kind, kinds } from "../consent/grant.ts";
import { SHARE_SCOPES, shareTermsText } from "../consent/share-terms.ts";
import { termsHash } from "../consent/terms.ts";
import { consentId, digestOf, type LedgerDomain, structHash } from "../consent/typed-data.ts";
import { randomHex } from "../keyring/bytes.ts";
import type { Keys } from "../keyring/keyring.ts";
import { openSealed, sealFor } from "../keyring/sealed.ts";
import { cardHolds, signedBy } from "../keyring/signature.ts";
import { visitTopic } from "../visits/link.ts";
import type { EnvelopeView } from "./api.ts";
import { commitmentOf } from "./commitment.ts";
import { AccessGranted, type Content, Sealed } from "./content.ts";
import { envelopeOf, openRecord, sealRecord } from "./envelope.ts";
import type { NewRecord, RecordView } from "./record.ts";
import { ciphertextOf, sealEnvelope, sealHolds } from "./seal.ts";
import type { Colleague, Resealed, readShared } from "./share.ts";

/** Opens a record for its patient and seals it for a reader, salt and all: the reader checks the same commitment. */
async function reseal(about: {
  visitId: string;
  record: Pick<RecordView, "id" | "kind" | "commitment">;
  envelope: string;
  keys: Keys;
  recipient: string;
}): Promise<Resealed> {
  const { visitId, record, keys, recipient } = about;
  const { visit, content, salt } = Sealed.parse(await openSealed(keys, about.envelope));
  if (visit !== visitId || (await commitmentOf({ visit, content, salt })) !== record.commitment)
    throw new Error("This content is not what was recorded.");
  const envelope = await sealFor([recipient], { visit, content, salt } satisfies Sealed);
  const { id, kind, commitment } = record;
  const sealed = { visit, kind, ciphertext: await ciphertextOf(envelope), recipients: [recipient], commitment };
  return { id, envelope, seal: await sealEnvelope(envelopeOf(sealed), keys) };
}

/** The reader's key that is sealed to is not the one that their signer vouches for. */
export class NotTheirKey extends Error {
  override readonly name = "NotTheirKey";
}

interface ToShare {
  /** The visit the records are of. */
  readonly visit: { id: string; clinic: string; clinician: { name: string } };
  readonly ledger: LedgerDomain;
  readonly keys: Keys;
  readonly reader: Colleague;
  readonly records: readonly { record: Pick<RecordView, "id" | "kind" | "commitment">; envelope: string }[];
  /** In seconds since 1970, as was shown. */
  readonly validUntil: number;
  /** How the patient calls themselves to the reader; may be empty. */
  readonly from: string;
}

/** Everything a patient signs and seals to let another doctor read. Throws `NotTheirKey` before anything is sealed. */
export async function signShare({ visit, ledger, keys, reader, records, validUntil, from }: ToShare) {
  if (!cardHolds(reader.key)) throw new NotTheirKey("the key is not its signer’s");
  const seconds = Math.floor(Date.now() / 1000);
  const about = { clinic: visit.clinic, reader: reader.name, clinician: visit.clinician.name, records: records.length };
  const consent: Consent = {
    patient: keys.signer,
    grantee: reader.key.signer,
    visit: await visitTopic(visit.id),
    scopes: SHARE_SCOPES,
    // Clocks differ a little.
    validFrom: seconds - 60,
    validUntil,
    terms: await termsHash(shareTermsText({ ...about, validUntil, version: 1 })),
    salt: randomHex(32),
  };
  const { recipient, signer } = reader.key;
  const ids = records.map(({ record }) => record.id);
  const content = {
    kind: "access-granted",
    reader: signer,
    until: validUntil,
    from: from.trim(),
    records: ids,
  } as const;
  return {
    visitId: visit.id,
    id: randomHex(16).slice(2),
    consent,
    signature: await keys.sign(digestOf("Consent", consent, ledger)),
    grant: await grantOf({ visitId: visit.id, content, consent: consentId(consent), keys, ledger, recipient }),
    records: await Promise.all(
      records.map(({ record, envelope }) => reseal({ visitId: visit.id, record, envelope, keys, recipient })),
    ),
  };
}

/** The patient's own record of the access: which records, until when. It is the only one under its permission. */
async function grantOf(about: {
  visitId: string;
  content: AccessGranted;
  consent: string;
  keys: Keys;
  ledger: LedgerDomain;
  recipient: string;
}): Promise<NewRecord> {
  const { visitId, content, consent, keys, ledger } = about;
  const recipients = [keys.recipient, about.recipient].sort();
  const { commitment, envelope, ciphertext } = await sealRecord({ visitId, content, recipients });
  const signedAt = Math.floor(Date.now() / 1000);
  const record = { consent, kind: kinds[content.kind], commitment, number: 1, signedAt };
  const sealed = envelopeOf({ visit: visitId, kind: content.kind, ciphertext, recipients, commitment });
  return {
    kind: content.kind,
    commitment,
    number: 1,
    signedAt,
    signature: await keys.sign(digestOf("Record", record, ledger)),
    envelope,
    recipients,
    seal: await sealEnvelope(sealed, keys),
    blob: null,
    slip: null,
    cancels: null,
  };
}

type Shared = z.infer<typeof readShared.answer>;
type EnvelopeThere = z.infer<typeof EnvelopeView>;

/** What was handed out is not what its patient or author signed. */
export class NotWhatWasShared extends Error {
  override readonly name = "NotWhatWasShared";
}

/** Opens what a share is for, as its reader: the patient's own words of who may read what. Trusts nobody on the way. */
export async function openGrant(
  visitId: string,
  shared: Shared,
  keys: Keys,
  ledger: LedgerDomain,
): Promise<AccessGranted> {
  const { id, consent, signature } = shared.consent;
  if (consentId(consent) !== id || !signedBy(consent.patient, digestOf("Consent", consent, ledger), signature))
    throw new NotWhatWasShared("its permission is not its patient’s");
  if (consent.visit !== (await visitTopic(visitId))) throw new NotWhatWasShared("it belongs to another visit");
  const { record, author } = shared.grant;
  if (record.consent !== id || author !== consent.patient) throw new NotWhatWasShared("it is another’s record");
  await assertSealed(visitId, "access-granted", shared.grant, consent.patient, keys);
  const content = AccessGranted.parse(await openOrNot(visitId, shared.grant, keys));
  const same = content.reader === consent.grantee && content.until === consent.validUntil;
  if (!same) throw new NotWhatWasShared("it is for somebody else");
  return content;
}

/** Opens one shared record: its author signed it, its patient sealed it for this reader, and it is what the ledger knows. */
export async function openSharedRecord(about: {
  visitId: string;
  shared: Shared;
  record: RecordView;
  view: EnvelopeThere;
  keys: Keys;
  ledger: LedgerDomain;
}): Promise<Content> {
  const { visitId, shared, record, view, keys, ledger } = about;
  const signed = {
    ...{ consent: record.consent, kind: kinds[record.kind], commitment: record.commitment },
    ...{ number: record.number, signedAt: record.signedAt },
  };
  if (structHash("Record", signed) !== record.id) throw new NotWhatWasShared("another record was sent");
  const { patient } = shared.consent.consent;
  const author = record.byPatient ? patient : shared.clinician.signer;
  if (record.author !== author || !signedBy(author, digestOf("Record", signed, ledger), record.signature))
    throw new NotWhatWasShared("its signature is not its author’s");
  if (view.record.commitment !== record.commitment) throw new NotWhatWasShared("another record was sent");
  await assertSealed(visitId, record.kind, view, patient, keys);
  const content = await openOrNot(visitId, view, keys);
  if (content.kind !== record.kind) throw new NotWhatWasShared("its content is of another kind");
  return content;
}

/** The patient sealed exactly this, for this reader. */
async function assertSealed(
  visit: string,
  kind: Kind,
  view: EnvelopeThere,
  patient: string,
  keys: Keys,
): Promise<void> {
  const { envelope, recipients, seal } = view;
  if (!recipients.includes(keys.recipient)) throw new NotWhatWasShared("it was made for other people");
  const { commitment } = view.record;
  const sealed = envelopeOf({ visit, kind, ciphertext: await ciphertextOf(envelope), recipients, commitment });
  if (!sealHolds(sealed, patient, seal)) throw new NotWhatWasShared("its seal is not its patient’s");
}

async function openOrNot(visitId: string, { envelope, record }: EnvelopeThere, keys: Keys): Promise<Content> {
  return openRecord({ visitId, envelope, keys, commitment: record.commitment }).catch(() => {
    throw new NotWhatWasShared("its content is not what was signed");
  });
}
