import * as z from "zod/mini";
import { VisitId } from "../visits/visit.ts";
import { Base64, Bytes32, Empty, endpoint, Recipient, Signature, Signer } from "../wire.ts";
import { AskView, LARGEST_SEALED, NewRecord, RecordView } from "./record.ts";

/** Sign and keep. `consent.ask-first` when the patient wants to see this kind before. */
export const addRecord = endpoint({
  method: "POST",
  path: "/api/visits/:visitId/records",
  ask: z.strictObject({ ...NewRecord.shape, visitId: VisitId }),
  answer: RecordView,
});

/** The records of a visit and what waits for an answer: states only, so it may be asked often. */
export const listRecords = endpoint({
  method: "GET",
  path: "/api/visits/:visitId/records",
  ask: z.strictObject({ visitId: VisitId }),
  answer: z.object({
    records: z.array(RecordView),
    asks: z.array(AskView),
    /** The next number of whoever asks. */
    next: z.int(),
  }),
});

export const EnvelopeView = z.object({
  envelope: Base64,
  recipients: z.array(Recipient),
  seal: Signature,
  author: Signer,
  commitment: Bytes32,
  /** What the author signed: its struct hash must be the id that was asked for. */
  record: z.object({ consent: Bytes32, kind: z.int(), commitment: Bytes32, number: z.int(), signedAt: z.int() }),
});

/** Opens a record's envelope: a read that goes on the trail. Works for the id of a record and of an ask. */
export const readEnvelope = endpoint({
  method: "GET",
  path: "/api/visits/:visitId/records/:id/envelope",
  ask: z.strictObject({ visitId: VisitId, id: Bytes32 }),
  answer: EnvelopeView,
});

/** The doctor asks the patient to approve exactly this record; nothing is recorded before the yes. */
export const askApproval = endpoint({
  method: "POST",
  path: "/api/visits/:visitId/asks",
  ask: z.strictObject({ ...NewRecord.shape, visitId: VisitId }),
  answer: AskView,
});

/** The patient's answer: an `Approval` signature is a yes, null a no. A yes brings the record that was made of it. */
export const answerAsk = endpoint({
  method: "POST",
  path: "/api/visits/:visitId/asks/:id/answer",
  ask: z.strictObject({ visitId: VisitId, id: Bytes32, approval: z.nullable(Signature) }),
  answer: z.extend(AskView, { record: z.nullable(RecordView) }),
});

/** The doctor takes the question back. */
export const withdrawAsk = endpoint({
  method: "POST",
  path: "/api/visits/:visitId/asks/:id/withdraw",
  ask: z.strictObject({ visitId: VisitId, id: Bytes32 }),
  answer: AskView,
});

/** How much more whoever asks may send in this visit: files, and bytes of ciphertext. */
export const FileRoom = z.object({ files: z.int().check(z.gte(0)), bytes: z.int().check(z.gte(0)) });
export type FileRoom = z.infer<typeof FileRoom>;
export const readFileRoom = endpoint({
  method: "GET",
  path: "/api/visits/:visitId/uploads",
  ask: z.strictObject({ visitId: VisitId }),
  answer: FileRoom,
});
/**
 * Ciphertext goes up in pieces: `POST /api/visits/:visitId/uploads/:id?offset=N` with raw bytes (`application/octet-stream`),
 * then `finishUpload`. `GET /api/visits/:visitId/blobs/:blob` streams it back, one entry on the trail a read.
 */
export const startUpload = endpoint({
  method: "POST",
  path: "/api/visits/:visitId/uploads",
  ask: z.strictObject({ visitId: VisitId, size: z.int().check(z.gte(1), z.lte(LARGEST_SEALED)) }),
  answer: z.object({ id: z.string(), received: z.int() }),
});
export const finishUpload = endpoint({
  method: "POST",
  path: "/api/visits/:visitId/uploads/:id/finish",
  ask: z.strictObject({ visitId: VisitId, id: z.string().check(z.regex(/^[0-9a-f]{32}$/)), blob: Bytes32 }),
  answer: Empty,
});
export const uploadPath = (visitId: string, id: string, offset: number) =>
  `/api/visits/${visitId}/uploads/${id}?offset=${offset}`;
export const blobPath = (visitId: string, blob: string) => `/api/visits/${visitId}/blobs/${blob}`;
