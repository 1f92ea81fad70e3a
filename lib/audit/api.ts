import * as z from "zod/mini";
import { Role } from "../auth/person.ts";
import { ConsentState, Kind } from "../consent/grant.ts";
import { PatientCode } from "../visits/pseudonym.ts";
import { VisitEnd, VisitId, VisitState } from "../visits/visit.ts";
import { Bytes32, Empty, endpoint, Instant, LedgerState } from "../wire.ts";

/** One row of the audit console: a visit, without anything its people told each other. */
export const SessionRow = z.object({
  visitId: VisitId,
  /** Its start, or its making where it never started. */
  at: Instant,
  clinician: z.object({ id: z.string(), name: z.string() }),
  pseudonym: z.nullable(z.string()),
  state: VisitState,
  end: z.nullable(VisitEnd),
  startedAt: z.nullable(Instant),
  endedAt: z.nullable(Instant),
  consent: z.union([ConsentState, z.enum(["none", "refused"])]),
  lines: z.int(),
  /** The least advanced state among its acts; null when nothing went to the ledger. */
  ledger: z.nullable(LedgerState),
});
export type SessionRow = z.infer<typeof SessionRow>;

/** How a session ended, as one may look for it. */
export const Outcome = z.enum(["ended", "declined", "revoked", "left", "not-private", "refused"]);

/** How far acts are on the ledger, as one looks for them. */
export const LedgerStanding = z.enum(["waiting", "ledger", "final", "parked"]);
export type LedgerStanding = z.infer<typeof LedgerStanding>;

/** What a session is looked for by, in the console and for an export. */
export const sessionCriteria = {
  from: z.optional(Instant),
  to: z.optional(Instant),
  clinician: z.optional(z.string().check(z.maxLength(64))),
  kind: z.optional(Kind),
  outcome: z.optional(Outcome),
  state: z.optional(VisitState),
  /** The visit in which somebody had this code. */
  patient: z.optional(PatientCode),
  /** How far the least advanced of its acts is. */
  record: z.optional(LedgerStanding),
};

export const SessionFilter = z.strictObject({
  ...sessionCriteria,
  /** By their ids, as a check found them. */
  visits: z.optional(z.string().check(z.regex(/^[0-9a-f]{32}(,[0-9a-f]{32}){0,49}$/))),
  /** Keyset: sessions before this cursor. */
  before: z.optional(z.string().check(z.maxLength(80))),
});

export const listSessions = endpoint({
  method: "GET",
  path: "/api/audit/sessions",
  ask: SessionFilter,
  answer: z.object({
    sessions: z.array(SessionRow),
    older: z.nullable(z.string()),
    clinicians: z.array(z.object({ id: z.string(), name: z.string(), roles: z.array(Role) })),
  }),
});

/*
 * What follows is told as the database has it, not as it should be: a row that somebody changed must arrive to be found
 * out, so these schemas ask for shapes and no more. `lib/audit/verify.ts` is where they are held to what they claim.
 */

/** An act on its way to the ledger or there: everything needed to check it against the chain without asking us. */
export const ActView = z.object({
  id: z.string(),
  kind: z.string(),
  object: z.string(),
  state: LedgerState,
  reason: z.nullable(z.string()),
  transaction: z.nullable(z.string()),
  block: z.nullable(z.number()),
  blockHash: z.nullable(z.string()),
});
export type ActView = z.infer<typeof ActView>;

/** A line of the trail as the database has it: an `Entry` when nobody touched it. */
export const StoredEntry = z.object({
  number: z.number(),
  at: z.string(),
  actor: z.unknown(),
  action: z.string(),
  visitId: z.nullable(z.string()),
  ofVisit: z.nullable(z.number()),
  object: z.nullable(z.string()),
  consent: z.nullable(z.string()),
  refusal: z.nullable(z.string()),
  detail: z.unknown(),
  salt: z.string(),
  previous: z.string(),
  hash: z.string(),
});
export type StoredEntry = z.infer<typeof StoredEntry>;

/** A line with the act it queued, if any. `object` of the entry names the consent, record or key. */
export const Line = z.object({ entry: StoredEntry, act: z.nullable(ActView) });
export type Line = z.infer<typeof Line>;

export const ConsentEvidence = z.object({
  id: z.string(),
  visitId: z.string(),
  /** The guest's link when it lets a guest in. With `share` null too it is the visit's own, for its doctor. */
  guest: z.nullable(z.string()),
  /** The share it is for when it lets another doctor read. */
  share: z.nullable(z.string()),
  /** A `Consent` when nobody touched it. */
  consent: z.unknown(),
  signature: z.string(),
  state: ConsentState,
  grantedAt: Instant,
  revokedAt: z.nullable(Instant),
  /** The patient's, over `Revocation`. */
  revocation: z.nullable(z.string()),
});
export type ConsentEvidence = z.infer<typeof ConsentEvidence>;

/** What a record's author signed, and what authorizes it. Never its content. */
export const RecordEvidence = z.object({
  id: z.string(),
  visitId: z.string(),
  consent: z.string(),
  /** The contract's number for its kind. */
  kind: z.number(),
  author: z.string(),
  byPatient: z.boolean(),
  commitment: z.string(),
  number: z.number(),
  signedAt: z.number(),
  signature: z.string(),
  approval: z.nullable(z.string()),
  blob: z.nullable(z.string()),
});
export type RecordEvidence = z.infer<typeof RecordEvidence>;

/** One session's timeline with its evidence. Reading it is itself on the trail. */
export const readSession = endpoint({
  method: "GET",
  path: "/api/audit/sessions/:visitId",
  ask: z.strictObject({ visitId: VisitId }),
  answer: z.object({
    session: SessionRow,
    lines: z.array(Line),
    consents: z.array(ConsentEvidence),
    records: z.array(RecordEvidence),
    /** The lines that tell of the goes in which lines of it were emptied. */
    goes: z.array(z.int()),
    /** Staff whose ids the lines name. */
    people: z.array(z.object({ id: z.string(), name: z.string() })),
    waitingSince: z.nullable(Instant),
    admittedAt: z.nullable(Instant),
  }),
});

/** Lines in order of their numbers, for checking the log's own chain: `after` is the last number already seen. */
export const listLines = endpoint({
  method: "GET",
  path: "/api/audit/lines",
  ask: z.strictObject({ after: z.coerce.number().check(z.int()) }),
  answer: z.object({
    lines: z.array(Line),
    more: z.boolean(),
    /** The trail's last number when this was read: how much there is to check. */
    last: z.int(),
  }),
});

/** Everything the chain can be held against for the lines just read: consents and records by id. */
export const readEvidence = endpoint({
  method: "POST",
  path: "/api/audit/evidence",
  ask: z.strictObject({
    consents: z.array(Bytes32).check(z.maxLength(200)),
    records: z.array(Bytes32).check(z.maxLength(200)),
  }),
  answer: z.object({ consents: z.array(ConsentEvidence), records: z.array(RecordEvidence) }),
});

const Leaves = z.coerce.number().check(z.int(), z.gte(1));

/** The newest checkpoint of the log, and that it begins with the first `since` leaves and with the first `also`. For anybody; what is in it is public. */
export const followLog = endpoint({
  method: "GET",
  path: "/api/log",
  ask: z.strictObject({ since: z.optional(Leaves), also: z.optional(Leaves) }),
  answer: z.object({
    /** A signed note; null before there is one. */
    checkpoint: z.nullable(z.string()),
    /** The log's key as other tools take it. */
    key: z.string(),
    /** RFC 9162, hashes as `0x…`; null where `since` was not asked for, or is more than the log has. The other is that of `also`. */
    proof: z.nullable(z.array(Bytes32)),
    also: z.nullable(z.array(Bytes32)),
  }),
});

/** Somebody else who cosigns the log's checkpoints (c2sp.org/tlog-witness), and why not when it doesn't. */
export const Witness = z.object({
  id: z.string(),
  url: z.string(),
  /** `name+id+base64`. */
  key: z.string(),
  addedAt: Instant,
  /** Leaves under the checkpoint that it cosigned last. */
  size: z.int(),
  cosignedAt: z.nullable(Instant),
  trouble: z.nullable(z.enum(["away", "knows-more", "knows-another"])),
});
export type Witness = z.infer<typeof Witness>;
const Witnesses = z.object({ witnesses: z.array(Witness) });

/** Who knows of a checkpoint besides the database: the server's own journal, or the contract. */
const Knower = z.enum(["journal", "ledger"]);
export type Knower = z.infer<typeof Knower>;

/**
 * Why the log signs nothing any more: the trail is shorter than what somebody knows (a backup was put back), has another
 * root at that size (it was rewritten), a line is not what it was, or what was noted of the last checkpoint is none.
 */
export const LogHalt = z.discriminatedUnion("is", [
  z.object({ is: z.literal("shorter"), known: Knower, size: z.int(), has: z.int() }),
  z.object({ is: z.literal("other"), known: z.enum(["journal", "ledger", "database"]), size: z.int() }),
  z.object({ is: z.literal("changed"), line: z.int() }),
  z.object({ is: z.literal("unreadable") }),
]);
export type LogHalt = z.infer<typeof LogHalt>;

/** How far the log is signed and anchored, and who watches it. About no person, so looking leaves no line. */
export const readLogStanding = endpoint({
  method: "GET",
  path: "/api/audit/log",
  ask: Empty,
  answer: z.object({
    /** Lines under the last checkpoint, when it was signed, and lines that the ledger keeps the root of. */
    signed: z.int(),
    signedAt: z.nullable(Instant),
    anchored: z.nullable(z.int()),
    halt: z.nullable(LogHalt),
    /** The log's key as tools take it. */
    key: z.string(),
    ...Witnesses.shape,
  }),
});
export type LogStanding = z.infer<typeof readLogStanding.answer>;

/** Nothing to log in with, and no “?” or “#”: `add-checkpoint` comes after it, and is the end of what is asked. */
export const WITNESS_URL = /^https?:\/\/[^\s/?#\\@]+(\/[^\s?#\\]*)?$/i;

/** Throws `witness.no-key`, `witness.inside`, `witness.known` or `witness.too-many`. */
export const addWitness = endpoint({
  method: "POST",
  path: "/api/audit/witnesses",
  ask: z.strictObject({
    url: z.url({ protocol: /^https?$/ }).check(z.maxLength(300), z.regex(WITNESS_URL)),
    key: z.string().check(z.trim(), z.maxLength(400)),
  }),
  answer: Witnesses,
});

export const removeWitness = endpoint({
  method: "POST",
  path: "/api/audit/witnesses/:id/remove",
  ask: z.strictObject({ id: z.uuid() }),
  answer: Witnesses,
});

/** Says on the trail that someone verified the whole log, or one session of it, and what came out. */
export const tellVerified = endpoint({
  method: "POST",
  path: "/api/audit/verified",
  ask: z.strictObject({
    /** The session, when only that was checked. */
    visitId: z.optional(VisitId),
    lines: z.int().check(z.gte(0)),
    failed: z.int().check(z.gte(0)),
    /** The number of the first line that doesn't hold. */
    first: z.optional(z.int()),
  }),
  answer: Empty,
});
