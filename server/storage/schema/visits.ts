import { sql } from "drizzle-orm";
import { date, index, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { clinicianKey, user } from "./auth.ts";
import { instant } from "./instant.ts";

export const visit = pgTable(
  "visit",
  {
    id: text("id").primaryKey(),
    clinicianId: text("clinician_id")
      .notNull()
      .references(() => user.id),
    /** The signer the clinician had when planning: whom a consent of this visit is given to. */
    signer: text("signer")
      .notNull()
      .references(() => clinicianKey.signer),
    claimHash: text("claim_hash").notNull(),
    /** An age file for the clinician; null once it was erased. */
    details: text("details"),
    plannedFor: instant("planned_for"),
    state: text("state", { enum: ["planned", "waiting", "in-call", "over"] }).notNull(),
    end: text("end", { enum: ["ended", "declined", "revoked", "left", "not-private"] }),
    createdAt: instant("created_at").notNull(),
    linkExpiresAt: instant("link_expires_at").notNull(),
    openedAt: instant("opened_at"),
    waitingSince: instant("waiting_since"),
    admittedAt: instant("admitted_at"),
    startedAt: instant("started_at"),
    endedAt: instant("ended_at"),
    /** When the patient's wish was carried out that nothing of it can be read any more; some of it may be kept by law. */
    erasedAt: instant("erased_at"),
    /** When it is told to have been: its start, or its making where it never started. */
    happenedAt: instant("happened_at").notNull().generatedAlwaysAs(sql`coalesce("started_at", "created_at")`),
  },
  (t) => [
    index("visit_by_clinician").on(t.clinicianId, t.createdAt, t.id),
    index("visit_by_creation").on(t.createdAt, t.id),
    index("visit_by_happening").on(t.happenedAt, t.id),
    index("visit_of_clinician").on(t.clinicianId, t.happenedAt, t.id),
    index("visit_by_admission").on(t.admittedAt),
    index("visit_by_state").on(t.state, t.plannedFor),
  ],
);

/** Who took a visit's link: one row at most, ever. */
export const claim = pgTable("claim", {
  visitId: text("visit_id")
    .primaryKey()
    .references(() => visit.id),
  signer: text("signer").notNull(),
  recipient: text("recipient").notNull(),
  binding: text("binding").notNull(),
  /** SHA-256 of the session token in the patient's cookie. */
  sessionHash: text("session_hash").notNull(),
  /** The patient's name, an age file for the clinician. */
  details: text("details"),
  claimedAt: instant("claimed_at").notNull(),
});

/** Of patients who came back to a visit with its key; `hash` is of the session's token. */
export const keySession = pgTable("key_session", {
  hash: text("hash").primaryKey(),
  visitId: text("visit_id")
    .notNull()
    .references(() => visit.id),
  until: instant("until").notNull(),
});

/** A link for a third person, and who took it: the name is an age file for doctor and patient, gone when they were refused. */
export const guest = pgTable(
  "guest",
  {
    id: text("id").primaryKey(),
    visitId: text("visit_id")
      .notNull()
      .references(() => visit.id),
    askedBy: text("asked_by", { enum: ["clinician", "patient"] }).notNull(),
    role: text("role", { enum: ["interpreter", "relative", "student"] }).notNull(),
    claimHash: text("claim_hash").notNull(),
    details: text("details"),
    signer: text("signer"),
    /** SHA-256 of the session token in the guest's cookie. */
    sessionHash: text("session_hash"),
    state: text("state", { enum: ["invited", "asking", "allowed", "over"] }).notNull(),
    end: text("end", { enum: ["refused", "declined", "withdrawn", "revoked", "left", "not-private", "visit"] }),
    invitedAt: instant("invited_at").notNull(),
    askedAt: instant("asked_at"),
    acceptedAt: instant("accepted_at"),
    decidedAt: instant("decided_at"),
    endedAt: instant("ended_at"),
  },
  (t) => [index("guest_by_visit").on(t.visitId)],
);

/** Where a waiting patient wants to be written to. Deleted once they are in the call, the visit is over or the letter is out. */
export const notice = pgTable("notice", {
  visitId: text("visit_id")
    .primaryKey()
    .references(() => visit.id),
  email: text("email").notNull(),
  askedAt: instant("asked_at").notNull(),
});

/** How many minutes a doctor's visits take, as those who wait are told. */
export const queue = pgTable("queue", {
  clinicianId: text("clinician_id")
    .primaryKey()
    .references(() => user.id),
  minutes: integer("minutes").notNull(),
});

/** How many people of one side said of one day's calls that they were this good. No row is about a visit. */
export const rating = pgTable(
  "rating",
  {
    day: date("day", { mode: "string" }).notNull(),
    side: text("side", { enum: ["clinician", "patient"] }).notNull(),
    score: integer("score").notNull(),
    times: integer("times").notNull(),
  },
  (t) => [primaryKey({ columns: [t.day, t.side, t.score] })],
);
