import * as z from "zod/mini";
import { KeyCard } from "../auth/person.ts";
import { GuestId } from "../call/member.ts";
import { Permission } from "../call/permission.ts";
import { Consent, ConsentView } from "../consent/grant.ts";
import { ReceiptOrNone } from "../ledger/receipt.ts";
import { Base64, Bytes32, Empty, endpoint, Instant, Signature, Signer } from "../wire.ts";
import { GuestEnd, GuestRole, GuestState } from "./guest.ts";
import { NotPrivateWhy, VisitId, VisitState } from "./visit.ts";

const Steps = {
  state: GuestState,
  end: z.nullable(GuestEnd),
  role: GuestRole,
  /** Who made the link: the other one has a say too. */
  askedBy: z.enum(["clinician", "patient"]),
  /** When the guest took the link and asked, when the doctor said yes, when the patient decided. */
  askedAt: z.nullable(Instant),
  acceptedAt: z.nullable(Instant),
  decidedAt: z.nullable(Instant),
  endedAt: z.nullable(Instant),
};

/** A guest as the visit's doctor and patient see them. `details` is an age file for both: `openGuestName` reads it. */
export const GuestView = z.object({
  id: GuestId,
  ...Steps,
  invitedAt: Instant,
  signer: z.nullable(Signer),
  details: z.nullable(Base64),
  consent: z.nullable(ConsentView),
});
export type GuestView = z.infer<typeof GuestView>;

/** What a guest sees: how far their own question is, and whom they would meet. Nothing else of the visit. */
export const GuestJoin = z.object({
  id: GuestId,
  visitId: VisitId,
  /** The key that took the link. */
  signer: Signer,
  ...Steps,
  visit: VisitState,
  clinic: z.string(),
  clinician: z.object({ name: z.string(), key: KeyCard }),
  patient: KeyCard,
  ledger: z.object({ label: z.string(), chainId: z.string(), address: z.string(), local: z.boolean() }),
  consent: z.nullable(ConsentView),
  /** Once the guest is allowed: by whose word each of the others is in the call, so that their keys can be checked. */
  permissions: z.array(Permission),
});
export type GuestJoin = z.infer<typeof GuestJoin>;

const OfGuest = z.strictObject({ visitId: VisitId, guestId: GuestId });
const path = "/api/visits/:visitId/guests";

/** Makes a guest's link. Doctor or patient, while the permission lives. `details` says whom it is for, where that is known. */
export const inviteGuest = endpoint({
  method: "POST",
  path,
  ask: z.strictObject({
    visitId: VisitId,
    id: GuestId,
    /** SHA-256 of the claim token, as with a visit's own link. */
    claimHash: Bytes32,
    role: GuestRole,
    details: z.nullable(Base64.check(z.maxLength(4_000))),
  }),
  answer: GuestView,
});

/** The doctor's yes to a guest whom the patient asked for. */
export const acceptGuest = endpoint({
  method: "POST",
  path: `${path}/:guestId/accept`,
  ask: OfGuest,
  answer: GuestView,
});

/** Doctor's or patient's no, before the guest was allowed. The guest's name is not kept. */
export const turnAwayGuest = endpoint({
  method: "POST",
  path: `${path}/:guestId/turn-away`,
  ask: OfGuest,
  answer: GuestView,
});

/** The patient's yes: a consent whose grantee is the guest's key. Only now may the guest enter the call. */
export const allowGuest = endpoint({
  method: "POST",
  path: `${path}/:guestId/consent`,
  ask: z.strictObject({ ...OfGuest.shape, consent: Consent, signature: Signature }),
  answer: ConsentView,
});

/** The guest is out of the call at once; the visit goes on. */
export const revokeGuest = endpoint({
  method: "POST",
  path: `${path}/:guestId/consent/revoke`,
  ask: z.strictObject({ ...OfGuest.shape, signature: Signature }),
  answer: z.strictObject({ receipt: ReceiptOrNone }),
});

/** Looks at a guest's link without using it up. */
export const openGuestLink = endpoint({
  method: "POST",
  path: "/api/guests/:guestId/open",
  ask: z.strictObject({ guestId: GuestId, token: Bytes32 }),
  answer: z.object({
    clinic: z.string(),
    /** Doctor and patient, for whom the guest's name is sealed. */
    clinician: z.object({ name: z.string(), key: KeyCard }),
    patient: KeyCard,
    plannedFor: z.nullable(Instant),
    role: GuestRole,
    claimed: z.boolean(),
  }),
});

/** Takes the link for this browser's key, once, and asks to join. The same key may come back. Sets the session. */
export const claimGuestLink = endpoint({
  method: "POST",
  path: "/api/guests/:guestId/claim",
  ask: z.strictObject({
    guestId: GuestId,
    token: Bytes32,
    signer: Signer,
    recipient: KeyCard.shape.recipient,
    at: z.int(),
    proof: Signature,
    role: GuestRole,
    details: Base64.check(z.maxLength(4_000)),
  }),
  answer: GuestJoin,
});

const OfLink = z.strictObject({ guestId: GuestId });
export const readGuest = endpoint({ method: "GET", path: "/api/guests/:guestId", ask: OfLink, answer: GuestJoin });
/** The guest goes for good; to come back takes a new link. */
export const leaveAsGuest = endpoint({
  method: "POST",
  path: "/api/guests/:guestId/leave",
  /** `why` where the guest's page found that the call was not private. */
  ask: z.strictObject({ ...OfLink.shape, why: z.optional(NotPrivateWhy) }),
  answer: Empty,
});
