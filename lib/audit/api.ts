import { z } from "zod";
import { Role } from "../auth/person.ts";
import { Consent, ConsentState, Kind } from "../consent/grant.ts";
import { RecordView } from "../records/record.ts";
import { VisitEnd, VisitId, VisitState } from "../visits/visit.ts";
import { Bytes32, Empty, endpoint, Instant, LedgerState, Signature } from "../wire.ts";
import { Entry } from "./entry.ts";

/** One row of the audit console: a visit, without anything its people told each other. */
export const SessionRow = z.object({
  visitId: VisitId,
  at: Instant,
  clinician: z.object({ id: z.string(), name: z.string() }),
  pseudonym: z.string().nullable(),
  state: VisitState,
  end: VisitEnd.nullable(),
  startedAt: Instant.nullable(),
  endedAt: Instant.nullable(),
  consent: ConsentState.or(z.enum(["none", "refused"])),
  lines: z.int(),
  /** The least advanced state among its acts; null when nothing went to the ledger. */
  ledger: LedgerState.nullable(),
});
export type SessionRow = z.infer<typeof SessionRow>;

export const SessionFilter = z
  .object({
    from: Instant.optional(),
    to: Instant.optional(),
    clinician: z.string().max(64).optional(),
    kind: Kind.optional(),
    outcome: z.enum(["ended", "declined", "revoked", "left", "refused"]).optional(),
    /** Keyset: sessions before this cursor. */
    before: z.string().max(80).optional(),
  })
  .strict();

export const listSessions = endpoint({
  method: "GET",
  path: "/api/audit/sessions",
  ask: SessionFilter,
  answer: z.object({
    sessions: z.array(SessionRow),
    older: z.string().nullable(),
    clinicians: z.array(z.object({ id: z.string(), name: z.string(), roles: z.array(Role) })),
  }),
});

/** An act on its way to the ledger or there: everything needed to check it against the chain without asking us. */
export const ActView = z.object({
  id: z.string(),
  kind: z.enum(["deploy", "enroll", "remove", "grant", "revoke", "record"]),
  state: LedgerState,
  reason: z.string().nullable(),
  transaction: Bytes32.nullable(),
  block: z.int().nullable(),
  blockHash: Bytes32.nullable(),
});
export type ActView = z.infer<typeof ActView>;

/** A line with the act it queued, if any. `object` of the entry names the consent, record or key. */
export const Line = z.object({ entry: Entry, act: ActView.nullable() });
export type Line = z.infer<typeof Line>;

export const ConsentEvidence = z.object({
  id: Bytes32,
  consent: Consent,
  signature: Signature,
  state: ConsentState,
  grantedAt: Instant,
  revokedAt: Instant.nullable(),
});

/** One session's timeline with its evidence. Reading it is itself on the trail. */
export const readSession = endpoint({
  method: "GET",
  path: "/api/audit/sessions/:visitId",
  ask: z.object({ visitId: VisitId }).strict(),
  answer: z.object({
    session: SessionRow,
    lines: z.array(Line),
    consents: z.array(ConsentEvidence),
    records: z.array(RecordView),
    waitingSince: Instant.nullable(),
    admittedAt: Instant.nullable(),
  }),
});

/** Lines in order of their numbers, for checking the log's own chain: `after` is the last number already seen. */
export const listLines = endpoint({
  method: "GET",
  path: "/api/audit/lines",
  ask: z.object({ after: z.coerce.number().int().min(0) }).strict(),
  answer: z.object({ lines: z.array(Line), more: z.boolean() }),
});

/** Everything the chain can be held against for the lines just read: consents and records by id. */
export const readEvidence = endpoint({
  method: "POST",
  path: "/api/audit/evidence",
  ask: z.object({ consents: z.array(Bytes32).max(200), records: z.array(Bytes32).max(200) }).strict(),
  answer: z.object({ consents: z.array(ConsentEvidence), records: z.array(RecordView) }),
});

/** Says on the trail that someone verified, and what came out. */
export const tellVerified = endpoint({
  method: "POST",
  path: "/api/audit/verified",
  ask: z.object({ lines: z.int().min(0), failed: z.int().min(0) }).strict(),
  answer: Empty,
});
