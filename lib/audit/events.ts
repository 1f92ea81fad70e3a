import * as z from "zod/mini";
import { PatientCode } from "../visits/pseudonym.ts";
import { VisitId } from "../visits/visit.ts";
import { Empty, endpoint, Instant } from "../wire.ts";
import { LedgerStanding, Line } from "./api.ts";
import { Action } from "./entry.ts";
import { actionGroups, refusalReasons } from "./groups.ts";

/** Lines of one answer, and as many as may be asked for by their numbers. */
export const EVENTS_PAGE = 100;

/** One kind of act, or all of a group. */
export const ActFilter = z.union([Action, z.enum(actionGroups)]);
export const EventOutcome = z.enum(["done", "refused", ...refusalReasons]);

const criteria = {
  from: z.optional(Instant),
  to: z.optional(Instant),
  /** A person of the staff. */
  staff: z.optional(z.string().check(z.maxLength(64))),
  /** The lines of the visit in which somebody had this code. */
  patient: z.optional(PatientCode),
  act: z.optional(ActFilter),
  outcome: z.optional(EventOutcome),
  ledger: z.optional(LedgerStanding),
  visit: z.optional(VisitId),
  /** A record or permission by its id. */
  about: z.optional(z.string().check(z.regex(/^0x[0-9a-f]{1,300}$/))),
};

/** Lines by their numbers, as a check found them: `3,17,18`. */
const Numbers = z.string().check(z.regex(/^\d{1,15}(,\d{1,15}){0,99}$/));
const LineNumber = z.coerce.number().check(z.int(), z.gte(0));

export const EventFilter = z.strictObject({
  ...criteria,
  numbers: z.optional(Numbers),
  /** Keyset: lines before this number. */
  before: z.optional(LineNumber),
});
export type EventFilter = z.infer<typeof EventFilter>;

const People = z.array(z.object({ id: z.string(), name: z.string() }));

/** Every line of the trail, newest first. Reading is itself on the trail. */
export const listEvents = endpoint({
  method: "GET",
  path: "/api/audit/events",
  ask: EventFilter,
  answer: z.object({
    lines: z.array(Line),
    /** How far back was looked, as the next `before`; null where nothing older can match. Few lines may match on the way. */
    older: z.nullable(z.int()),
    /** The trail's last number, the one of this look included. */
    last: z.int(),
    /** All of the staff, those who left too. */
    people: People,
  }),
});

/** How many lines there are: about no person, so looking leaves none. */
export const readLast = endpoint({
  method: "GET",
  path: "/api/audit/last",
  ask: Empty,
  answer: z.object({ last: z.int() }),
});

const FollowId = z.string().check(z.regex(/^[0-9a-f]{32}$/));

/** From here on new lines may be told: a line of the trail says so, and another how many were once it ends. */
export const beginFollowing = endpoint({
  method: "POST",
  path: "/api/audit/follow",
  ask: Empty,
  answer: z.object({ id: FollowId, from: z.int() }),
});

export const FollowFilter = z.strictObject({ ...criteria, id: FollowId, after: LineNumber });
export type FollowFilter = z.infer<typeof FollowFilter>;

/** New lines since `after`, newest first; the next question is after `seen`. Throws `audit.not-following`. */
export const followLines = endpoint({
  method: "GET",
  path: "/api/audit/follow/:id",
  ask: FollowFilter,
  answer: z.object({ lines: z.array(Line), seen: z.int(), people: People }),
});

export const endFollowing = endpoint({
  method: "POST",
  path: "/api/audit/follow/:id/end",
  ask: z.strictObject({ id: FollowId }),
  answer: Empty,
});
