import * as z from "zod/mini";
import { Bytes32, Empty, endpoint, Instant, LedgerState, Signature, Signer } from "../wire.ts";
import { Password } from "./api.ts";
import { KeyCard, NewKey, PersonName, Role, Staff } from "./person.ts";

/** An invitation's link works this long. */
export const INVITATION_HOURS = 72;

const InvitationId = z.string().check(z.regex(/^[0-9a-f]{32}$/));
const Roles = z.array(Role).check(
  z.minLength(1),
  z.maxLength(2),
  z.refine((roles) => new Set(roles).size === roles.length),
);
const Email = z.email().check(z.maxLength(254));

/** A clinician's signing key, in one browser: asked for, enrolled once somebody compared its words, removed for good. */
export const StaffKey = z.object({
  card: KeyCard,
  device: z.string(),
  askedAt: Instant,
  enrolledAt: z.nullable(Instant),
  /** The name of who enrolled it. */
  enrolledBy: z.nullable(z.string()),
  removedAt: z.nullable(Instant),
  /** What vouched for it. */
  person: Signer,
  /** The same as for the person's first key: it reads what that one reads. */
  sameKit: z.boolean(),
  /** How far its enrolment is, or its removal once that was decided; null before. */
  ledger: z.nullable(LedgerState),
  /** How many records it signed, and when the last. */
  signed: z.int(),
  lastSignedAt: z.nullable(Instant),
});
export type StaffKey = z.infer<typeof StaffKey>;

export const StaffMember = z.object({
  id: z.string(),
  name: z.string(),
  /** Null once they left. */
  email: z.nullable(z.string()),
  roles: z.array(Role),
  joinedAt: Instant,
  seenAt: z.nullable(Instant),
  removedAt: z.nullable(Instant),
  keys: z.array(StaffKey),
});
export type StaffMember = z.infer<typeof StaffMember>;

export const Invited = z.object({
  id: InvitationId,
  name: z.string(),
  email: z.string(),
  roles: z.array(Role),
  invitedAt: Instant,
  expiresAt: Instant,
});
export type Invited = z.infer<typeof Invited>;

export const readPeople = endpoint({
  method: "GET",
  path: "/api/people",
  ask: Empty,
  answer: z.object({ people: z.array(StaffMember), invitations: z.array(Invited) }),
});

/** The browser makes the link; the server never has its secret. Refused with `staff.exists` where the address is taken. */
export const invite = endpoint({
  method: "POST",
  path: "/api/invitations",
  ask: z.strictObject({ id: InvitationId, claimHash: Bytes32, name: PersonName, email: Email, roles: Roles }),
  answer: Empty,
});

export const withdrawInvitation = endpoint({
  method: "POST",
  path: "/api/invitations/:invitationId/withdraw",
  ask: z.strictObject({ invitationId: InvitationId }),
  answer: Empty,
});

/** Looks at an invitation without using it up: the token proves that the whole link was there. */
export const openInvitation = endpoint({
  method: "POST",
  path: "/api/invitations/:invitationId/open",
  ask: z.strictObject({ invitationId: InvitationId, token: Bytes32 }),
  answer: z.object({ clinic: z.string(), name: z.string(), email: z.string(), roles: z.array(Role) }),
});

/** Uses the link up, makes the account and signs in. A doctor brings the key that waits to be enrolled. */
export const acceptInvitation = endpoint({
  method: "POST",
  path: "/api/invitations/:invitationId/accept",
  ask: z.strictObject({
    invitationId: InvitationId,
    token: Bytes32,
    password: Password,
    key: z.nullable(NewKey),
  }),
  answer: Staff,
});

/** The own keys, the newest first. */
export const readOwnKeys = endpoint({
  method: "GET",
  path: "/api/keys",
  ask: Empty,
  answer: z.object({ keys: z.array(StaffKey) }),
});

/** A browser brings a key of its own, which waits to be enrolled. */
export const bringKey = endpoint({
  method: "POST",
  path: "/api/keys",
  ask: NewKey,
  answer: Empty,
});

/**
 * Somebody compared the key's words: the ledger takes what it signs from now on. An admin may, and so may its owner with
 * another enrolled key, `by`, that signs a `DeviceCard` for it.
 */
export const enrolKey = endpoint({
  method: "POST",
  path: "/api/keys/:signer/enrol",
  ask: z.strictObject({ signer: Signer, by: z.nullable(z.strictObject({ signer: Signer, voucher: Signature })) }),
  answer: Empty,
});

const WhyRemoved = z.enum(["lost", "replaced", "other"]);
export type WhyRemoved = z.infer<typeof WhyRemoved>;

/** By its owner or an admin. It signs nothing any more, here at once and on the ledger for good; what it signed stays. */
export const removeKey = endpoint({
  method: "POST",
  path: "/api/keys/:signer/remove",
  ask: z.strictObject({ signer: Signer, why: WhyRemoved }),
  answer: Empty,
});

export const changeRoles = endpoint({
  method: "POST",
  path: "/api/people/:personId/roles",
  ask: z.strictObject({ personId: z.string().check(z.maxLength(64)), roles: Roles }),
  answer: Empty,
});

/** They are signed out everywhere, their keys are removed and their open visits end. What they recorded stays. */
export const removePerson = endpoint({
  method: "POST",
  path: "/api/people/:personId/remove",
  ask: z.strictObject({ personId: z.string().check(z.maxLength(64)) }),
  answer: Empty,
});

/** The password again, for what a session alone is not enough for; good for five minutes. */
export const confirmSelf = endpoint({
  method: "POST",
  path: "/api/me/confirm",
  ask: z.strictObject({ password: z.string().check(z.minLength(1), z.maxLength(128)) }),
  answer: Empty,
});
