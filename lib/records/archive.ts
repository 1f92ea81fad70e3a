import type * as z from "zod/mini";
import { fromBase64, sha256 } from "../keyring/bytes.ts";
import type { Keys } from "../keyring/keyring.ts";
import { openSealed } from "../keyring/sealed.ts";
import type { EnvelopeView } from "./api.ts";
import type { Background } from "./background.ts";
import { bundleOf, type Taken } from "./bundle.ts";
import { commitmentOf } from "./commitment.ts";
import { Sealed } from "./content.ts";
import { envelopeOf } from "./envelope.ts";
import type { Certificate } from "./erasure.ts";
import type { Look } from "./looks.ts";
import type { RecordView } from "./record.ts";
import { ciphertextOf, sealHolds } from "./seal.ts";

/** One file of an archive. */
export interface ArchiveFile {
  path: string;
  bytes: Uint8Array<ArrayBuffer> | Blob;
}

/** A record with its envelope as it is kept, and what it said. */
export interface OpenedRecord {
  record: RecordView;
  view: z.infer<typeof EnvelopeView>;
  sealed: Sealed;
}

/** Opens an envelope with its salt, and holds it to its record: who leaves can show to others that it is what was signed. */
export async function openWithSalt(
  visitId: string,
  record: RecordView,
  view: z.infer<typeof EnvelopeView>,
  keys: Pick<Keys, "open">,
): Promise<OpenedRecord> {
  const { commitment, kind } = record;
  const ciphertext = await ciphertextOf(view.envelope);
  const about = { visit: visitId, kind, ciphertext, recipients: view.recipients, commitment };
  if (!sealHolds(envelopeOf(about), record.author, view.seal)) throw new Error("Its seal is not its author’s.");
  const { visit, content, salt } = Sealed.parse(await openSealed(keys, view.envelope));
  if (visit !== visitId || (await commitmentOf({ visit, content, salt })) !== commitment)
    throw new Error("This content is not what was recorded.");
  return { record, view, sealed: { visit, content, salt } };
}

/** Everything of one visit, ready to be written. */
export interface VisitThere extends Omit<Taken, "opened"> {
  /** The visit's key, which signed for the patient. */
  signer: string;
  records: readonly RecordView[];
  looks: readonly Look[];
  /** Of what was erased. */
  certificates: readonly Certificate[];
  opened: readonly OpenedRecord[];
}

/** A name for files that every system takes. */
const plain = (name: string) =>
  name
    .replace(/[^\p{L}\p{N} ._-]/gu, "_")
    .replace(/^[. ]+/, "_")
    .slice(0, 100) || "file";
export const folderOf = ({ join }: Pick<VisitThere, "join">): string =>
  `visits/${(join.startedAt ?? join.consent?.grantedAt ?? "unknown").slice(0, 10)} ${join.id.slice(0, 8)}`;
/** Where a file's bytes are. Two of one name are told apart by their record. */
export const filePathOf = (visit: Pick<VisitThere, "join">, { record, sealed }: OpenedRecord): string | null =>
  sealed.content.kind === "file-share"
    ? `${folderOf(visit)}/files/${record.id.slice(2, 10)} ${plain(sealed.content.name)}`
    : null;

const json = (value: unknown) => bytesOf(`${JSON.stringify(value, null, 2)}\n`);
const bytesOf = (text: string) => new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>;

/**
 * What of the archive is not a file that somebody sent: FHIR, evidence and sealed envelopes of each visit, what explains it,
 * and last the sums of all. `files` are the paths and plaintext sums of those that were sent.
 */
export async function archiveOf(about: {
  visits: readonly VisitThere[];
  /** What the patient noted for their doctors. */
  background: Background;
  now: Date;
  /** What opens the envelopes, itself sealed by the passphrase of the whole; null where there is none. */
  identities: Uint8Array | null;
  files: readonly { path: string; sha256: string }[];
}): Promise<ArchiveFile[]> {
  const { visits, now, identities, background } = about;
  const taken = visits.map((visit): Taken => {
    const opened = visit.opened.map((one) => ({
      ...{ record: one.record, content: one.sealed.content, path: filePathOf(visit, one) },
    }));
    return { join: visit.join, shares: visit.shares, opened };
  });
  const files: ArchiveFile[] = [
    { path: "README.txt", bytes: bytesOf(readmeOf(visits, now, identities !== null)) },
    { path: "allergies-and-medicines.txt", bytes: bytesOf(notedOf(background)) },
    { path: "fhir/bundle.json", bytes: json(bundleOf(taken, now)) },
    ...visits.flatMap(ofVisit),
    ...(identities ? [{ path: "identities.age", bytes: new Uint8Array(identities) }] : []),
  ];
  const sums = [...about.files];
  for (const { path, bytes } of files) sums.push({ path, sha256: await sha256(bytes as Uint8Array) });
  const lines = sums.map(({ path, sha256: sum }) => `${sum.slice(2)}  ${path}\n`);
  return [...files, { path: "SHA256SUMS", bytes: bytesOf(lines.join("")) }];
}

function ofVisit(visit: VisitThere): ArchiveFile[] {
  const { join, records, shares, looks, certificates, signer, opened } = visit;
  const folder = folderOf(visit);
  const evidence = {
    assent: "visit/1",
    ledger: join.ledger,
    visit: join.id,
    patient: signer,
    clinic: join.clinic,
    clinician: join.clinician,
    permission: join.consent,
    shares,
    records: records.map((record) => {
      const one = opened.find((found) => found.record.id === record.id);
      const { salt, content } = one?.sealed ?? {};
      return { ...record, seal: one?.view.seal ?? null, salt: salt ?? null, content: content ?? null };
    }),
    looks,
    erased: certificates,
  };
  return [
    { path: `${folder}/evidence.json`, bytes: json(evidence) },
    ...opened.map(({ record, view }) => ({
      path: `${folder}/envelopes/${record.id.slice(2)}.age`,
      bytes: fromBase64(view.envelope) as Uint8Array<ArrayBuffer>,
    })),
  ];
}

const notedOf = ({ allergies, medicines }: Background) =>
  `Allergies\n\n${allergies || "nothing noted"}\n\nCurrent medicines\n\n${medicines || "nothing noted"}\n`;

function readmeOf(visits: readonly VisitThere[], now: Date, locked: boolean): string {
  const clinic = visits[0]?.join.clinic ?? "the practice";
  return [
    `My records at ${clinic}, taken along on ${now.toISOString().slice(0, 10)}.`,
    "",
    "Nothing in here needs the practice, its server or its program.",
    "",
    "allergies-and-medicines.txt",
    "  What you noted for your doctors.",
    "fhir/bundle.json",
    "  Visits, prescriptions, files and permissions as FHIR R4: other practices and apps can read it in.",
    "visits/…/files",
    "  The files and photos of a visit, opened.",
    "visits/…/evidence.json",
    "  What was signed by whom: permissions, records with their content and salt, receipts, who looked, certificates of what was erased. A record's",
    '  commitment on the ledger is keccak256(salt, SHA-256 of "assent/1/" + kind + a line feed + the RFC 8785 form of',
    "  {content, visit}); its id is the EIP-712 hash of consent, kind, commitment, number and signedAt.",
    "visits/…/envelopes",
    "  Each record as it was sealed, as an age file (age-encryption.org).",
    "",
    "Is it all whole?",
    "  sha256sum -c SHA256SUMS",
    "",
    "How to open an envelope with the age command",
    ...(locked
      ? [
          "  age -d -i identities.age visits/…/envelopes/FILE.age",
          "  It asks for the passphrase that this archive was locked with. identities.age holds one key for each visit; whoever",
          "  has it and the passphrase can read everything that was sealed for you, so keep both to yourself.",
        ]
      : [
          "  The keys are not in here, since this archive was not locked. Download it once more with Lock it with a passphrase,",
          "  or use the twelve words of your recovery kit. The contents are in here already, opened.",
        ]),
    "",
    "Whoever has this archive can read what is in it, unless it is locked.",
    "",
  ].join("\n");
}
