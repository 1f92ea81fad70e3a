import { z } from "zod";
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
  end: GuestEnd.nullable(),
  role: GuestRole,
  /** Who made the link: the other one has a say too. */
  askedBy: z.enum(["clinician", "patient"]),
  /** When the guest took the link and asked, when the doctor said yes, when the patient decided. */
  askedAt: Instant.nullable(),
  acceptedAt: Instant.nullable(),
  decidedAt: Instant.nullable(),
  endedAt: Instant.nullable(),
};

/** A guest as the visit's doctor and patient see them. `details` is an age file for both: `openGuestName` reads it. */
export const GuestView = z.object({
  id: GuestId,
  ...Steps,
  invitedAt: Instant,
  signer: Signer.nullable(),
  details: Base64.nullable(),
  consent: ConsentView.nullable(),
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
  consent: ConsentView.nullable(),
  /** Once the guest is allowed: by whose word each of the others is in the call, so that their keys can be checked. */
  permissions: z.array(Permission),
});
export type GuestJoin = z.infer<typeof GuestJoin>;

const OfGuest = z.object({ visitId: VisitId, guestId: GuestId }).strict();
const path = "/api/visits/:visitId/guests";

/** Makes a guest's link. Doctor or patient, while the permission lives. `details` says whom it is for, where that is known. */
export const inviteGuest = endpoint({
  method: "POST",
  path,
  ask: z
    .object({
      visitId: VisitId,
      id: GuestId,
      /** SHA-256 of the claim token, as with a visit's own link. */
      claimHash: Bytes32,
      role: GuestRole,
      details: Base64.max(4_000).nullable(),
    })
    .strict(),
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
  ask: OfGuest.extend({ consent: Consent, signature: Signature }).strict(),
  answer: ConsentView,
});

/** The guest is out of the call at once; the visit goes on. */
export const revokeGuest = endpoint({
  method: "POST",
  path: `${path}/:guestId/consent/revoke`,
  ask: OfGuest.extend({ signature: Signature }).strict(),
  answer: z.object({ receipt: ReceiptOrNone }).strict(),
});

/** Looks at a guest's link without using it up. */
export const openGuestLink = endpoint({
  method: "POST",
  path: "/api/guests/:guestId/open",
  ask: z.object({ guestId: GuestId, token: Bytes32 }).strict(),
  answer: z.object({
    clinic: z.string(),
    /** Doctor and patient, for whom the guest's name is sealed. */
    clinician: z.object({ name: z.string(), key: KeyCard }),
    patient: KeyCard,
    plannedFor: Instant.nullable(),
    role: GuestRole,
    claimed: z.boolean(),
  }),
});

/** Takes the link for this browser's key, once, and asks to join. The same key may come back. Sets the session. */
export const claimGuestLink = endpoint({
  method: "POST",
  path: "/api/guests/:guestId/claim",
  ask: z
    .object({
      guestId: GuestId,
      token: Bytes32,
      signer: Signer,
      recipient: KeyCard.shape.recipient,
      at: z.int(),
      proof: Signature,
      role: GuestRole,
      details: Base64.max(4_000),
    })
    .strict(),
  answer: GuestJoin,
});

const OfLink = z.object({ guestId: GuestId }).strict();
export const readGuest = endpoint({ method: "GET", path: "/api/guests/:guestId", ask: OfLink, answer: GuestJoin });
/** The guest goes for good; to come back takes a new link. */
export const leaveAsGuest = endpoint({
  method: "POST",
  path: "/api/guests/:guestId/leave",
  /** `why` where the guest's page found that the call was not private. */
  ask: OfLink.extend({ why: NotPrivateWhy.optional() }).strict(),
  answer: Empty,
});
