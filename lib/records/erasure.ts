import canonicalize from "canonicalize";
import * as z from "zod/mini";
import { Kind, kindOf, kinds } from "../consent/grant.ts";
import { digestOf, structHash } from "../consent/typed-data.ts";
import { sha256 } from "../keyring/bytes.ts";
import { openingFault } from "../keyring/opening.ts";
import { signedBy } from "../keyring/signature.ts";
import { LedgerOfFile } from "../ledger/submission.ts";
import { VisitId } from "../visits/visit.ts";
import { Bytes32, Empty, endpoint, Instant, Seconds, Signature, Signer } from "../wire.ts";

const ErasureId = z.string().check(z.regex(/^[0-9a-f]{32}$/));

/** What a patient signs an `Opening` of to ask that a visit is erased. */
export const erasureOf = (visitId: string): string => `erasure/${visitId}`;

/** What the law makes a clinic keep, and until when. */
const Reason = z.object({ reason: z.string().check(z.trim(), z.minLength(3), z.maxLength(200)), until: z.iso.date() });

/** A record as the ledger knows it. Its id is made of what follows, so nobody has to believe which one is meant. */
const OfLedger = z.strictObject({
  id: Bytes32,
  consent: Bytes32,
  kind: Kind,
  commitment: Bytes32,
  number: z.int().check(z.gte(1)),
  signedAt: Seconds,
});

/** The clinic's signed word of what it has erased of a visit, and of what it keeps and why. Nothing in it says what anything said. */
export const Certificate = z.strictObject({
  assent: z.literal("erasure/1"),
  id: ErasureId,
  ledger: LedgerOfFile,
  clinic: z.string(),
  visit: VisitId,
  /** The key that asked, by what it signed. */
  patient: Signer,
  request: z.strictObject({ at: Seconds, proof: Signature }),
  erasedAt: Instant,
  confirmedBy: z.string(),
  erased: z.strictObject({
    records: z.array(OfLedger),
    /** Files by the hash of their ciphertext. */
    files: z.array(Bytes32),
    /** Questions that were asked and led to no record, letters sealed anew for other doctors. */
    questions: z.int(),
    shared: z.int(),
    notes: z.boolean(),
  }),
  kept: z.array(z.strictObject({ ...OfLedger.shape, ...Reason.shape })),
  /** The doctor's own notes, where the law keeps them. */
  keptNotes: z.nullable(z.strictObject(Reason.shape)),
  /** Of the log key, over `Certificate`. */
  signature: Signature,
});
export type Certificate = z.infer<typeof Certificate>;

/** What its signature is over. */
export function contentOf({ signature: _, ...said }: Certificate): Promise<string> {
  return sha256(new TextEncoder().encode(`assent/1/erasure\n${canonicalize(said)}`));
}

export interface Check {
  readonly what: "signature" | "request" | "records";
  readonly holds: boolean;
}

/**
 * What a stranger can hold a certificate to, with nothing but the ledger's log key: who says it, that the visit's own key
 * asked for it, and that each record it names is the one of that id. That the ledger knows those ids is for the ledger to say.
 */
export async function checkCertificate(certificate: Certificate, logKey: string): Promise<Check[]> {
  const { ledger, signature, patient, request, visit, erased, kept } = certificate;
  const digest = digestOf("Certificate", { content: await contentOf(certificate) }, ledger);
  const asked = { ...request, signer: patient };
  const same = ({ id, consent, kind, commitment, number, signedAt }: z.infer<typeof OfLedger>) =>
    structHash("Record", { consent, kind: kinds[kind], commitment, number, signedAt }) === id;
  return [
    { what: "signature", holds: signedBy(logKey, digest, signature) },
    { what: "request", holds: openingFault(erasureOf(visit), asked, new Date(request.at * 1000)) === null },
    { what: "records", holds: [...erased.records, ...kept].every(same) },
  ];
}

/** A row of the trail's records as a certificate names it. */
export const ofLedger = (row: {
  id: string;
  consentId: string;
  kind: number;
  commitment: string;
  number: number;
  signedAt: number;
}): z.infer<typeof OfLedger> => {
  const { id, consentId, kind, commitment, number, signedAt } = row;
  return { id, consent: consentId, kind: kindOf(kind), commitment, number, signedAt };
};

const OfVisit = z.strictObject({ visitId: VisitId });
const path = "/api/visits/:visitId/erasure";

/** How a visit's erasure stands, for its patient. */
const Standing = z.object({
  /** When it was asked for and is not decided yet. */
  askedAt: z.nullable(Instant),
  /** Of each time that something was erased, the newest first. */
  certificates: z.array(Certificate),
});

/** The patient's wish, signed by the visit's key. The visit must be over. */
export const askErasure = endpoint({
  method: "POST",
  path,
  ask: z.strictObject({ ...OfVisit.shape, at: Seconds, proof: Signature }),
  answer: Standing,
});
export const withdrawErasure = endpoint({ method: "POST", path: `${path}/withdraw`, ask: OfVisit, answer: Standing });
export const readErasure = endpoint({ method: "GET", path, ask: OfVisit, answer: Standing });

/** What patients asked to be erased and nobody has decided yet, for the admin: which records there are, not what they say. */
export const listErasures = endpoint({
  method: "GET",
  path: "/api/erasures",
  ask: Empty,
  answer: z.object({
    asked: z.array(
      z.object({
        id: ErasureId,
        visitId: VisitId,
        askedAt: Instant,
        visitAt: Instant,
        pseudonym: z.string(),
        clinician: z.string(),
        records: z.array(OfLedger),
        notes: z.boolean(),
        /** Another one as soon as there are other records, or notes come or go. */
        version: Bytes32,
      }),
    ),
  }),
});

/**
 * The admin says what the law keeps; everything else of the visit is destroyed in the same breath. That is decided over one
 * drawing of the list: a visit that holds anything else by then is refused with `erasure.changed`.
 */
export const confirmErasure = endpoint({
  method: "POST",
  path: "/api/erasures/:id/confirm",
  ask: z.strictObject({
    id: ErasureId,
    version: Bytes32,
    kept: z.array(z.strictObject({ ...Reason.shape, id: Bytes32 })).check(z.maxLength(1_000)),
    keptNotes: z.nullable(z.strictObject(Reason.shape)),
  }),
  answer: z.object({ certificate: Certificate }),
});
