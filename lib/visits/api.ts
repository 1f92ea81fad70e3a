import * as z from "zod/mini";
import { KeyCard } from "../auth/person.ts";
import { GuestId } from "../call/member.ts";
import { ConsentView } from "../consent/grant.ts";
import { Base64, Bytes32, Empty, endpoint, Instant, Seconds, Signature, Signer } from "../wire.ts";
import { GuestView } from "./guest-api.ts";
import { NotPrivateWhy, VisitEnd, VisitId, VisitState } from "./visit.ts";

/** A visit as its doctor sees it. `details` and `patient.details` are age files for the doctor. */
const ClinicianView = z.object({ id: z.string(), name: z.string(), key: KeyCard });

export const VisitView = z.object({
  id: VisitId,
  state: VisitState,
  end: z.nullable(VisitEnd),
  /** Null once the visit was erased. */
  details: z.nullable(Base64),
  erasedAt: z.nullable(Instant),
  plannedFor: z.nullable(Instant),
  createdAt: Instant,
  openedAt: z.nullable(Instant),
  waitingSince: z.nullable(Instant),
  admittedAt: z.nullable(Instant),
  startedAt: z.nullable(Instant),
  endedAt: z.nullable(Instant),
  clinician: ClinicianView,
  /** What the browser is that holds it, and whether its key still counts. */
  heldOn: z.object({ device: z.string(), enrolled: z.boolean() }),
  patient: z.nullable(
    z.extend(KeyCard, {
      /** How the audit log names the patient: `K7M-4QD`. */
      pseudonym: z.string(),
      details: z.nullable(Base64),
    }),
  ),
  consent: z.nullable(ConsentView),
  guests: z.array(GuestView),
});
export type VisitView = z.infer<typeof VisitView>;

/** The same visit as its patient sees it: nothing of the doctor's notes. */
export const JoinView = z.object({
  id: VisitId,
  clinic: z.string(),
  /** The practice's number, for whoever can't go on. */
  phone: z.nullable(z.string()),
  state: VisitState,
  end: z.nullable(VisitEnd),
  erasedAt: z.nullable(Instant),
  plannedFor: z.nullable(Instant),
  startedAt: z.nullable(Instant),
  endedAt: z.nullable(Instant),
  admittedAt: z.nullable(Instant),
  waitingSince: z.nullable(Instant),
  /** How many wait for this doctor before this patient. */
  ahead: z.int(),
  /** Minutes until it is their turn, as far as the doctor tells; null where nothing is told. */
  wait: z.nullable(z.int()),
  /** `asked`: an address is kept for one mail. `sends`: the clinic's mail leaves the server, else it lies in a folder there. */
  mail: z.object({ asked: z.boolean(), sends: z.boolean() }),
  clinician: ClinicianView,
  ledger: z.object({ label: z.string(), chainId: z.string(), address: z.string(), local: z.boolean() }),
  consent: z.nullable(ConsentView),
  pseudonym: z.nullable(z.string()),
  guests: z.array(GuestView),
});
export type JoinView = z.infer<typeof JoinView>;

export const createVisit = endpoint({
  method: "POST",
  path: "/api/visits",
  ask: z.strictObject({
    id: VisitId,
    /** The enrolled key of the browser that will hold the visit. */
    signer: Signer,
    /** SHA-256 of the claim token, which the browser derives from the link's secret. The secret stays in the fragment. */
    claimHash: Bytes32,
    details: Base64.check(z.maxLength(8_000)),
    plannedFor: z.nullable(Instant),
  }),
  answer: VisitView,
});

/** Visits of the doctor who asks, the newest first; `before` is the `older` of the page before. */
export const listVisits = endpoint({
  method: "GET",
  path: "/api/visits",
  ask: z.strictObject({ before: z.optional(Instant) }),
  answer: z.object({ visits: z.array(VisitView), older: z.nullable(Instant) }),
});

export const readVisit = endpoint({
  method: "GET",
  path: "/api/visits/:visitId",
  ask: z.strictObject({ visitId: VisitId }),
  answer: VisitView,
});

/** Another device of the doctor will hold the visit: as long as nobody gave permission to the first. */
export const holdVisit = endpoint({
  method: "POST",
  path: "/api/visits/:visitId/hold",
  ask: z.strictObject({ visitId: VisitId, signer: Signer }),
  answer: VisitView,
});

const OfVisit = z.strictObject({ visitId: VisitId });
export const admit = endpoint({ method: "POST", path: "/api/visits/:visitId/admit", ask: OfVisit, answer: VisitView });
export const decline = endpoint({
  method: "POST",
  path: "/api/visits/:visitId/decline",
  ask: OfVisit,
  answer: VisitView,
});
/** Ends the visit for both; the session-end record goes through `addRecord` before. Doctor: `ended`; patient: `left`. */
export const endVisit = endpoint({ method: "POST", path: "/api/visits/:visitId/end", ask: OfVisit, answer: Empty });

/** Someone's page found that the call is not between the two it should be between. Ends the visit: its link is of no more use. */
export const reportNotPrivate = endpoint({
  method: "POST",
  path: "/api/visits/:visitId/not-private",
  /** With a guest, only that guest's part is over. */
  ask: z.strictObject({ visitId: VisitId, why: NotPrivateWhy, guestId: z.optional(GuestId) }),
  answer: Empty,
});

/** Looks at a link without using it up: the token proves that the whole link was there. */
/** What a patient signs an `Opening` of to be let into their visit. */
export const openingOf = (visitId: string): string => `visit/${visitId}`;

/**
 * A patient's way to their own records, from any device: who signs with the key that claimed the visit is its patient. What
 * comes back stands for them for an hour (see `holdSession`), as the cookie does in the browser that took the link.
 */
export const openVisit = endpoint({
  method: "POST",
  path: "/api/join/:visitId/key",
  ask: z.strictObject({ visitId: VisitId, signer: Signer, at: Seconds, proof: Signature }),
  answer: z.object({ session: z.string() }),
});

export const openLink = endpoint({
  method: "POST",
  path: "/api/join/:visitId/open",
  ask: z.strictObject({ visitId: VisitId, token: Bytes32 }),
  answer: z.object({
    clinic: z.string(),
    clinician: z.string(),
    plannedFor: z.nullable(Instant),
    /** Someone already uses this link with another key. */
    claimed: z.boolean(),
  }),
});

/** Binds the link to this browser's key, once. The same key may come back; another is told `visit.claimed`. Sets the session. */
export const claimLink = endpoint({
  method: "POST",
  path: "/api/join/:visitId/claim",
  ask: z.strictObject({
    visitId: VisitId,
    token: Bytes32,
    signer: Signer,
    recipient: KeyCard.shape.recipient,
    at: z.int(),
    proof: Signature,
    binding: Signature,
    details: z.nullable(Base64.check(z.maxLength(4_000))),
  }),
  answer: JoinView,
});

/** The visit as the patient who claimed it sees it. */
export const readJoin = endpoint({ method: "GET", path: "/api/join/:visitId", ask: OfVisit, answer: JoinView });
/** The patient tells the doctor a name (sealed), any time before the end. */
export const tellName = endpoint({
  method: "POST",
  path: "/api/join/:visitId/name",
  ask: z.strictObject({ visitId: VisitId, details: Base64.check(z.maxLength(4_000)) }),
  answer: Empty,
});

/** Where to write once the doctor is ready and the page is closed; null takes it back. The server reads and soon deletes it. */
export const tellEmail = endpoint({
  method: "POST",
  path: "/api/join/:visitId/email",
  ask: z.strictObject({ visitId: VisitId, email: z.nullable(z.email().check(z.maxLength(254))) }),
  answer: Empty,
});

/** How many minutes a visit with this doctor takes, as those who wait are told. */
const Minutes = z.nullable(z.int().check(z.gte(5), z.lte(120)));
export const readEstimate = endpoint({
  method: "GET",
  path: "/api/queue",
  ask: Empty,
  answer: z.object({ minutes: Minutes }),
});
export const setEstimate = endpoint({
  method: "POST",
  path: "/api/queue",
  ask: z.strictObject({ minutes: Minutes }),
  answer: Empty,
});
