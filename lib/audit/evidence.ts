import canonicalize from "canonicalize";
import * as z from "zod/mini";
import { Consent, Kind } from "../consent/grant.ts";
import { sha256 } from "../keyring/bytes.ts";
import { LedgerOfFile, Entry as RecordEntry } from "../ledger/submission.ts";
import { VisitId } from "../visits/visit.ts";
import { Bytes32, endpoint, Instant, Signature } from "../wire.ts";
import { Actor, Entry } from "./entry.ts";

/*
 * One file a visit, that a stranger can hold to the ledger without us. docs/evidence.md says what is checked and how; whoever
 * changes anything here changes that page, docs/evidence.schema.json and docs/verifier with it.
 */

export const EVIDENCE_FORMAT = "assent/evidence/1";

/** What no verifier reads any further, in characters. */
export const LARGEST_EVIDENCE = 16 * 1024 * 1024;

const Bytes = z.string().check(z.regex(/^0x([0-9a-f]{2})+$/), z.maxLength(400_000));
/** Nodes of a trie, from its root. */
const Nodes = z.array(Bytes).check(z.minLength(1), z.maxLength(70));
const Hashes = z.array(Bytes32).check(z.maxLength(64));
const Address = z.string().check(z.regex(/^0x[0-9a-f]{40}$/));
const KeyText = z.string().check(z.maxLength(400));

/** A permission, as its patient signed it. Its id is its EIP-712 hash. */
const ConsentThere = z.strictObject({
  consent: Consent,
  /** The exact text that `terms` is the SHA-256 of. */
  text: z.string().check(z.maxLength(10_000)),
  signature: Signature,
  /** The patient's, over `Revocation`; null where it was not taken back. */
  revocation: z.nullable(Signature),
});

/** What was recorded under a permission. Its id is the EIP-712 hash of the first five. */
const RecordThere = z.strictObject({ consent: Bytes32, ...RecordEntry.shape });
export type RecordThere = z.infer<typeof RecordThere>;

/** A line of the log with nothing beside what its hash is over. */
const Line = z.strictObject({ ...Entry.shape, actor: z.strictObject(Actor.shape) });

/** What a record says, for those who may read it: whoever has the file can read it too. */
const Opened = z.strictObject({ record: Bytes32, content: z.looseObject({ kind: Kind }), salt: Bytes32 });
export type Opened = z.infer<typeof Opened>;

export const Evidence = z.strictObject({
  format: z.literal(EVIDENCE_FORMAT),
  madeAt: Instant,
  ledger: LedgerOfFile,
  /** Who signs the log's checkpoints and this file, as the contract knows it. */
  logKey: Address,
  visit: z.strictObject({
    id: VisitId,
    clinic: z.string().check(z.maxLength(200)),
    clinician: z.string().check(z.maxLength(200)),
  }),
  /** The one to the visit's doctor first. */
  consents: z.array(ConsentThere).check(z.minLength(1), z.maxLength(200)),
  /** In the order in which the ledger took them. */
  records: z.array(RecordThere).check(z.maxLength(2_000)),
  /** What the log says of the visit, each line with the proof that it is under the checkpoint. */
  lines: z.array(z.strictObject({ entry: Line, proof: Hashes })).check(z.minLength(1), z.maxLength(20_000)),
  log: z.strictObject({
    /** A signed note (c2sp.org/tlog-checkpoint), with the cosignatures that it had. */
    checkpoint: z.string().check(z.maxLength(64 * 1024)),
    /** The log's Ed25519 key, and those of the witnesses that cosigned. */
    key: KeyText,
    witnesses: z.array(KeyText).check(z.maxLength(32)),
    /** What the contract keeps of the log, and that one of the two begins with the other. */
    anchor: z.strictObject({ size: z.int().check(z.gte(1)), root: Bytes32, proof: Hashes }),
  }),
  blocks: z.array(z.strictObject({ hash: Bytes32, header: Bytes })).check(z.minLength(1), z.maxLength(2_000)),
  /** What carried the acts, with the proof that it is in its block. */
  transactions: z
    .array(z.strictObject({ block: Bytes32, index: z.int().check(z.gte(0), z.lte(100_000)), raw: Bytes, proof: Nodes }))
    .check(z.maxLength(2_000)),
  /** What the contract's storage holds in one block. */
  state: z.strictObject({
    block: Bytes32,
    account: Nodes,
    anchored: Nodes,
    /** The word of the first permission's grantee. */
    doctor: Nodes,
    /** The word of each permission, in their order. */
    consents: z.array(Nodes).check(z.maxLength(200)),
  }),
  /** By the log key, over everything but this and `opened`. */
  seal: Signature,
  opened: z.array(Opened).check(z.maxLength(2_000)),
});
export type Evidence = z.infer<typeof Evidence>;

/** What the seal is over: `Evidence{content}` with the SHA-256 of `assent/1/evidence`, a line feed and the RFC 8785 form of the rest. */
export function sealedIn({ seal: _, opened: _o, ...sealed }: Evidence): Promise<string> {
  return sha256(new TextEncoder().encode(`assent/1/evidence\n${canonicalize(sealed)}`));
}

/** The file's own text: one way to write it, so that nothing in it can be read in two. */
export const textOf = (evidence: Evidence): string => canonicalize(evidence)!;

/** `visit-24-nov-2026.assent.json`, by the day of its first permission. */
export function fileNameOf({ consents }: Evidence): string {
  const day = new Date(consents[0]!.consent.validFrom * 1000);
  const month = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ")[day.getUTCMonth()];
  return `visit-${day.getUTCDate()}-${month}-${day.getUTCFullYear()}.assent.json`;
}

/** The evidence of a visit, for its doctor and its patient; `opened` is empty, since only browsers can open anything. */
export const readVisitEvidence = endpoint({
  method: "GET",
  path: "/api/visits/:visitId/evidence",
  ask: z.strictObject({ visitId: VisitId }),
  answer: Evidence,
});

/** The same for an admin. */
export const readSessionEvidence = endpoint({
  method: "GET",
  path: "/api/audit/sessions/:visitId/evidence",
  ask: z.strictObject({ visitId: VisitId }),
  answer: Evidence,
});
