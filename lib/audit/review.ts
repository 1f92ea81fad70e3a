import { sha256 } from "@noble/hashes/sha2.js";
import canonicalize from "canonicalize";
import * as z from "zod/mini";
import { toHex } from "../keyring/bytes.ts";
import { VisitId } from "../visits/visit.ts";
import { endpoint, Instant } from "../wire.ts";
import { Actor, type Entry } from "./entry.ts";
import { Disorder, Rule } from "./unusual.ts";

/*
 * What admins make of a session or of something unusual. Each step is a line on the trail with the step's hash; what
 * somebody wrote stays in a table beside it, so that it can be held to its line and is in no line itself.
 */

/** A finding's name is its rule and the line it began with: the same whenever the lines are read. */
const FindingId = z.string().check(z.regex(/^[a-z]+(-[a-z]+)*-\d{1,15}$/));
/** What a review is of: a session, or a finding. */
export const About = z.union([VisitId, FindingId]);
export const isVisit = (about: string): boolean => VisitId.safeParse(about).success;

export const Reason = z.enum(["expected", "agreed", "slip", "trial", "other"]);
export type Reason = z.infer<typeof Reason>;
export const ReviewOutcome = z.enum(["in-order", "explained", "put-right", "reported"]);
export type ReviewOutcome = z.infer<typeof ReviewOutcome>;

/** Of what is written to a step. */
export const LONGEST_TEXT = 1_000;
const Text = z.string().check(z.trim(), z.minLength(1), z.maxLength(LONGEST_TEXT));

export const Step = z.discriminatedUnion("is", [
  z.strictObject({ is: z.literal("assign"), to: z.string().check(z.maxLength(64)) }),
  z.strictObject({ is: z.literal("comment"), text: Text }),
  z.strictObject({ is: z.literal("close"), code: ReviewOutcome, text: z.optional(Text) }),
  z.strictObject({ is: z.literal("reopen") }),
  /** `times` is how often it had happened when it was looked at: with more of it, it is open again. */
  z.strictObject({ is: z.literal("dismiss"), code: Reason, times: z.int(), text: z.optional(Text) }),
  z.strictObject({ is: z.literal("restore") }),
]);
export type Step = z.infer<typeof Step>;

export const stepActions = {
  assign: "review.assigned",
  comment: "review.commented",
  close: "review.closed",
  reopen: "review.reopened",
  dismiss: "finding.dismissed",
  restore: "finding.restored",
} as const satisfies Record<Step["is"], Entry["action"]>;

/** A step as the database has it: shapes and no more, so that one which somebody changed arrives to be found out. */
export const KeptStep = z.object({
  about: z.string(),
  version: z.number(),
  is: z.string(),
  by: z.string(),
  at: z.string(),
  /** To whom it was given. */
  to: z.nullable(z.string()),
  /** Why it was dismissed, how it was closed. */
  code: z.nullable(z.string()),
  times: z.nullable(z.number()),
  /** What was written, with the salt of its hash: both gone where the visit was erased. */
  text: z.nullable(z.string()),
  salt: z.nullable(z.string()),
  /** Null where nothing was written. */
  textHash: z.nullable(z.string()),
});
export type KeptStep = z.infer<typeof KeptStep>;

/** What a step keeps of a text for good. The salt keeps it from being guessed. */
export const textHashOf = (text: string, salt: string): string => hashed("review-text", { text, salt });

/** What the step's line says of it, in its `detail`. It outlives the text. */
export function stepHash({ text: _, salt: _s, ...step }: KeptStep): string {
  const { about, version, is, by, at, to, code, times, textHash } = step;
  return hashed("review-step", { about, version, is, by, at, to, code, times, textHash });
}

const hashed = (what: string, said: object) =>
  toHex(sha256(new TextEncoder().encode(`assent/1/${what}\n${canonicalize(said)}`)));

/** The text is the one that was written, or it was erased; see `isErased`. */
export const textHolds = ({ text, salt, textHash }: KeptStep): boolean =>
  text === null ? salt === null : salt !== null && textHash === textHashOf(text, salt);
/** Something was written, and is no more. */
export const isErased = ({ text, textHash }: KeptStep): boolean => text === null && textHash !== null;

/** A step with what its line on the trail says; null where no line tells of it. */
export const ToldStep = z.object({
  ...KeptStep.shape,
  line: z.nullable(z.object({ number: z.number(), step: z.string() })),
});
export type ToldStep = z.infer<typeof ToldStep>;

/** The step is the one that its line on the trail tells of. */
export const stepHolds = ({ line, ...step }: ToldStep): boolean => line?.step === stepHash(step) && textHolds(step);

const Person = z.object({ id: z.string(), name: z.string() });

export const Review = z.object({
  about: About,
  /** Of its last step: whoever goes on names it, so that nobody overrules what they did not see. */
  version: z.int(),
  state: z.enum(["none", "open", "closed"]),
  assignee: z.nullable(Person),
  steps: z.array(ToldStep),
  /** Whom it can be given to. */
  admins: z.array(Person),
  /** Staff whose ids the steps name. */
  people: z.array(Person),
});
export type Review = z.infer<typeof Review>;

export const readReview = endpoint({
  method: "GET",
  path: "/api/audit/reviews/:about",
  ask: z.strictObject({ about: About }),
  answer: Review,
});

/** Throws `review.newer` where `version` is not the last, or the step does not fit what it stands at. */
export const takeStep = endpoint({
  method: "POST",
  path: "/api/audit/reviews/:about",
  ask: z.strictObject({ about: About, version: z.int().check(z.gte(0)), step: Step }),
  answer: Review,
});

/** A finding, with the lines it rests on. */
export const Finding = z.object({
  id: FindingId,
  rule: Rule,
  why: z.nullable(Disorder),
  actor: Actor,
  visitId: z.nullable(VisitId),
  /** The first and the last time. */
  at: Instant,
  until: Instant,
  times: z.int(),
  /** The first of them, each with the session it is of. */
  lines: z.array(z.object({ number: z.int(), visitId: z.nullable(z.string()) })),
  /** Null while it is open. */
  dismissal: z.nullable(z.object({ by: z.string(), at: z.string(), code: z.string(), text: z.nullable(z.string()) })),
  review: z.object({ version: z.int(), state: Review.shape.state, assignee: z.nullable(z.string()) }),
});
export type Finding = z.infer<typeof Finding>;

const Before = z.optional(z.string().check(z.maxLength(80)));

export const listFindings = endpoint({
  method: "GET",
  path: "/api/audit/findings",
  ask: z.strictObject({ state: z.enum(["open", "dismissed"]), rule: z.optional(Rule), before: Before }),
  answer: z.object({
    findings: z.array(Finding),
    people: z.array(Person),
    older: z.nullable(z.string()),
    /** How many lines were looked through, and how many there are. */
    seen: z.int(),
    last: z.int(),
  }),
});

export const listReviews = endpoint({
  method: "GET",
  path: "/api/audit/reviews",
  ask: z.strictObject({ which: z.enum(["mine", "open", "closed"]), before: Before }),
  answer: z.object({
    reviews: z.array(
      z.object({
        about: About,
        state: Review.shape.state,
        assignee: z.nullable(z.string()),
        changedAt: Instant,
        outcome: z.nullable(ReviewOutcome),
        steps: z.int(),
        /** The session's day and doctor, or the finding's rule. */
        session: z.nullable(z.object({ at: Instant, clinician: z.string() })),
        rule: z.nullable(Rule),
      }),
    ),
    older: z.nullable(z.string()),
  }),
});

/** How much waits for an admin. Counts alone, about no person, so looking leaves no line. */
export const readWaiting = endpoint({
  method: "GET",
  path: "/api/audit/waiting",
  ask: z.strictObject({}),
  answer: z.object({ unusual: z.int(), mine: z.int() }),
});
