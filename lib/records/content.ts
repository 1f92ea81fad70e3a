import * as z from "zod/mini";
import { VisitId } from "../visits/visit.ts";
import { Bytes32, Instant, Seconds, Signer } from "../wire.ts";
import { Prescription, PrescriptionCancelled } from "./prescription.ts";

// What is inside the envelopes. Apart from what is told of a record: a page that only shows its state loads none of it.

/**
 * A shared file: what it is called and how to find and check its bytes. `blob` is the SHA-256 of the
 * ciphertext, `key` the age identity that opens it. */
export const FileShare = z.object({
  kind: z.literal("file-share"),
  name: z.string().check(z.minLength(1), z.maxLength(120)),
  type: z.string().check(z.maxLength(120)),
  size: z.int().check(z.gte(0)),
  sha256: Bytes32,
  blob: Bytes32,
  key: z.string().check(z.regex(/^AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}$/)),
});
export type FileShare = z.infer<typeof FileShare>;

/**
 * The video began, and between whom: the fingerprints of the two certificates that held the connection then, each signed by
 * its side and checked by the other.
 */
export const SessionStart = z.object({
  kind: z.literal("session-start"),
  at: Instant,
  fingerprints: z.object({ clinician: Bytes32, patient: Bytes32 }),
});
export type SessionStart = z.infer<typeof SessionStart>;
const SessionEnd = z.object({ kind: z.literal("session-end"), at: Instant });

/** Records of a visit that its patient lets another doctor read at a time. */
export const MOST_SHARED = 40;
/** Said by the patient: who may read which records until when (seconds since 1970), and how the patient calls themselves to them. */
export const AccessGranted = z.object({
  kind: z.literal("access-granted"),
  reader: Signer,
  until: Seconds,
  from: z.string().check(z.trim(), z.maxLength(120)),
  records: z.array(Bytes32).check(z.minLength(1), z.maxLength(MOST_SHARED)),
});
export type AccessGranted = z.infer<typeof AccessGranted>;

export const Content = z.discriminatedUnion("kind", [
  Prescription,
  PrescriptionCancelled,
  FileShare,
  SessionStart,
  SessionEnd,
  AccessGranted,
]);
export type Content = z.infer<typeof Content>;

/** What an envelope holds once opened: the content, the visit it belongs to, and the salt that makes its commitment unguessable. */
export const Sealed = z.object({ visit: VisitId, content: Content, salt: Bytes32, padding: z.optional(z.string()) });
export type Sealed = z.infer<typeof Sealed>;
