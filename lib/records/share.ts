import * as z from "zod/mini";
import { KeyCard } from "../auth/person.ts";
import { Consent, ConsentState, ConsentView } from "../consent/grant.ts";
import { ReceiptOrNone } from "../ledger/receipt.ts";
import { VisitId } from "../visits/visit.ts";
import { Base64, Bytes32, Empty, endpoint, Instant, Signature, Signer } from "../wire.ts";
import { EnvelopeView } from "./api.ts";
import { MOST_SHARED } from "./content.ts";
import { NewRecord, RecordView } from "./record.ts";

const ShareId = z.string().check(z.regex(/^[0-9a-f]{32}$/));
const OfShare = z.strictObject({ visitId: VisitId, shareId: ShareId });
const path = "/api/visits/:visitId/shares";

/** The longest a share may last, in seconds: a year. */
export const LONGEST_SHARE = 366 * 86_400;

/** Another doctor of the clinic: whom a patient may let read. The signer vouches for the key that is sealed to. */
export const Colleague = z.object({ id: z.string(), name: z.string(), key: KeyCard });
export type Colleague = z.infer<typeof Colleague>;

export const listColleagues = endpoint({
  method: "GET",
  path: "/api/visits/:visitId/colleagues",
  ask: z.strictObject({ visitId: VisitId }),
  answer: z.object({ colleagues: z.array(Colleague) }),
});

/** A share as its patient sees it. */
export const ShareView = z.object({
  id: ShareId,
  visitId: VisitId,
  /** Who may read. */
  reader: z.string(),
  /** What may be read, by the records' ids; empty once it was erased. */
  records: z.array(Bytes32),
  consent: ConsentView,
});
export type ShareView = z.infer<typeof ShareView>;

/** A record of the visit, sealed anew by its patient for the other doctor. */
const Resealed = z.strictObject({ id: Bytes32, envelope: Base64.check(z.maxLength(90_000)), seal: Signature });
export type Resealed = z.infer<typeof Resealed>;

/** A permission for another doctor, with the record that names what it is for and each of those sealed for that doctor. */
export const shareRecords = endpoint({
  method: "POST",
  path,
  ask: z.strictObject({
    visitId: VisitId,
    id: ShareId,
    consent: Consent,
    signature: Signature,
    grant: NewRecord,
    records: z.array(Resealed).check(z.minLength(1), z.maxLength(MOST_SHARED)),
  }),
  answer: ShareView,
});

export const listShares = endpoint({
  method: "GET",
  path,
  ask: z.strictObject({ visitId: VisitId }),
  answer: z.object({ shares: z.array(ShareView) }),
});

/** From here on nothing of it is handed out. */
export const revokeShare = endpoint({
  method: "POST",
  path: `${path}/:shareId/revoke`,
  ask: z.strictObject({ ...OfShare.shape, signature: Signature }),
  answer: z.strictObject({ receipt: ReceiptOrNone }),
});

/** What was shared with the doctor who asks, the newest first. */
export const listSharedWithMe = endpoint({
  method: "GET",
  path: "/api/shared",
  ask: Empty,
  answer: z.object({
    shares: z.array(
      z.object({
        id: ShareId,
        visitId: VisitId,
        /** The patient's code in that visit, and its doctor. */
        pseudonym: z.string(),
        clinician: z.string(),
        records: z.int(),
        sharedAt: Instant,
        validUntil: z.int(),
        state: ConsentState,
      }),
    ),
  }),
});

/** One share, for the doctor it is for, while its permission lives: `share.over` after that, which its patient sees. */
export const readShared = endpoint({
  method: "GET",
  path: "/api/visits/:visitId/shared/:shareId",
  ask: OfShare,
  answer: z.object({
    consent: z.object({ id: Bytes32, consent: Consent, signature: Signature }),
    /** The visit's doctor: beside the patient the only one who may be a record's author. */
    clinician: z.object({ name: z.string(), signer: Signer }),
    /** Of the record that names what is shared: its content is sealed for patient and reader. */
    grant: EnvelopeView,
    records: z.array(RecordView),
  }),
});

/** A shared record's envelope: a read that its patient sees. */
export const readSharedRecord = endpoint({
  method: "GET",
  path: "/api/visits/:visitId/shared/:shareId/records/:id",
  ask: z.strictObject({ ...OfShare.shape, id: Bytes32 }),
  answer: EnvelopeView,
});
export const sharedBlobPath = (visitId: string, shareId: string, blob: string) =>
  `/api/visits/${visitId}/shared/${shareId}/blobs/${blob}`;
