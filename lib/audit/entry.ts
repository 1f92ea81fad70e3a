import { z } from "zod";
import { Bytes32, Instant } from "../wire.ts";

/** Everything that is ever written on the trail. Closed: a new action needs its words before it compiles. */
export const Action = z.enum([
  "clinic.created",
  "clinic.phone-changed",
  "staff.signed-in",
  "staff.sign-in-refused",
  "staff.signed-out",
  "staff.confirmed",
  "staff.invited",
  "invitation.withdrawn",
  "invitation.opened",
  "invitation.refused",
  "staff.joined",
  "staff.roles-changed",
  "staff.removed",
  "key.brought",
  "key.enrolled",
  "key.removed",
  "visit.created",
  "visit.listed",
  "visit.read",
  "link.opened",
  "link.claimed",
  "link.refused",
  "visit.opened",
  "name.told",
  "notice.asked",
  "notice.withdrawn",
  "notice.sent",
  "notice.failed",
  "queue.estimated",
  "consent.granted",
  "consent.refused",
  "consent.revoked",
  "guest.invited",
  "guest.asked",
  "guest.accepted",
  "guest.turned-away",
  "guest.allowed",
  "guest.revoked",
  "guest.left",
  "guest.not-private",
  "visit.admitted",
  "visit.declined",
  "visit.ended",
  "call.entered",
  "call.left",
  "call.not-private",
  "record.added",
  "record.refused",
  "record.listed",
  "record.read",
  "prescription.shown",
  "prescription.dispensed",
  "prescription.cancelled",
  "approval.asked",
  "approval.given",
  "approval.refused",
  "approval.withdrawn",
  "share.granted",
  "share.refused",
  "share.revoked",
  "share.listed",
  "colleagues.listed",
  "shared.listed",
  "shared.read",
  "file.stored",
  "file.read",
  "notes.saved",
  "notes.read",
  "looks.read",
  "folder.saved",
  "folder.read",
  "locker.kept",
  "locker.opened",
  "locker.dropped",
  "call.rated",
  "access.refused",
  "audit.read",
  "audit.verified",
  "act.retried",
  "store.lost",
  "store.back",
  "store.damaged",
  "store.repaired",
]);
export type Action = z.infer<typeof Action>;

export const Actor = z.object({
  is: z.enum(["staff", "patient", "guest", "nobody", "system"]),
  /** Staff id, or the pseudonym of a patient's or guest's key. */
  id: z.string().max(128),
});
export type Actor = z.infer<typeof Actor>;

/**
 * One line of the trail. `hash` is the SHA-256 of the RFC 8785 form of the other fields, `previous` the hash of the
 * line before, so a changed, missing or moved line shows at the lines after it.
 */
export const Entry = z.object({
  number: z.int().min(1),
  at: Instant,
  actor: Actor,
  action: Action,
  visitId: z.string().nullable(),
  /** What it was done to: a record's, consent's or key's identity. */
  object: z.string().nullable(),
  /** Under which consent. */
  consent: Bytes32.nullable(),
  /** A refusal code where it was refused, null where it was done. */
  refusal: z.string().nullable(),
  detail: z.record(z.string(), z.union([z.string(), z.number()])),
  previous: Bytes32,
  hash: Bytes32,
});
export type Entry = z.infer<typeof Entry>;
