import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import type { Certificate } from "../../../lib/records/erasure.ts";
import { consent, share } from "./consent.ts";
import { instant } from "./instant.ts";
import { visit } from "./visits.ts";

export const record = pgTable(
  "record",
  {
    id: text("id").primaryKey(),
    visitId: text("visit_id")
      .notNull()
      .references(() => visit.id),
    consentId: text("consent_id")
      .notNull()
      .references(() => consent.id),
    kind: integer("kind").notNull(),
    byPatient: boolean("by_patient").notNull(),
    author: text("author").notNull(),
    commitment: text("commitment").notNull(),
    number: integer("number").notNull(),
    signedAt: bigint("signed_at", { mode: "number" }).notNull(),
    signature: text("signature").notNull(),
    approval: text("approval"),
    /** Null once it was erased: then nobody has what it said, nor the salt that would prove it. */
    envelope: text("envelope"),
    /** Whom the envelope is sealed to. */
    recipients: jsonb("recipients").$type<string[]>().notNull(),
    seal: text("seal").notNull(),
    blob: text("blob"),
    createdAt: instant("created_at").notNull(),
  },
  (t) => [unique("record_number").on(t.consentId, t.byPatient, t.number), index("record_by_visit").on(t.visitId)],
);

/** A shared record's content, sealed anew for the other doctor by its patient. */
export const sharedRecord = pgTable(
  "shared_record",
  {
    shareId: text("share_id")
      .notNull()
      .references(() => share.id),
    recordId: text("record_id")
      .notNull()
      .references(() => record.id),
    /** The age recipient it is for. */
    recipient: text("recipient").notNull(),
    envelope: text("envelope").notNull(),
    seal: text("seal").notNull(),
  },
  (t) => [primaryKey({ columns: [t.shareId, t.recordId] })],
);

/** A record that waits for the patient's yes. At most one open a consent: it holds its author's next number. */
export const askRow = pgTable(
  "ask",
  {
    id: text("id").primaryKey(),
    visitId: text("visit_id")
      .notNull()
      .references(() => visit.id),
    consentId: text("consent_id")
      .notNull()
      .references(() => consent.id),
    kind: integer("kind").notNull(),
    commitment: text("commitment").notNull(),
    number: integer("number").notNull(),
    signedAt: bigint("signed_at", { mode: "number" }).notNull(),
    signature: text("signature").notNull(),
    /** Null once it was erased: then nobody has what it said, nor the salt that would prove it. */
    envelope: text("envelope"),
    /** Whom the envelope is sealed to. */
    recipients: jsonb("recipients").$type<string[]>().notNull(),
    seal: text("seal").notNull(),
    blob: text("blob"),
    state: text("state", { enum: ["open", "approved", "refused", "withdrawn"] }).notNull(),
    askedAt: instant("asked_at").notNull(),
    answeredAt: instant("answered_at"),
  },
  (t) => [index("ask_by_visit").on(t.visitId)],
);

/** What the paper of a prescription is known by, and what became of it. Of a question too: it counts once the record is there. */
export const slip = pgTable("slip", {
  /** The prescription's. */
  recordId: text("record_id").primaryKey(),
  visitId: text("visit_id")
    .notNull()
    .references(() => visit.id),
  tokenHash: text("token_hash").notNull(),
  until: instant("until").notNull(),
  times: integer("times").notNull(),
  /** Each time with who it was: an age file for the envelope's recipients. */
  dispensed: jsonb("dispensed").$type<{ at: string; note: string }[]>().notNull().default([]),
  /** Tries to dispense it once more. */
  refused: integer("refused").notNull().default(0),
  refusedAt: instant("refused_at"),
});

/** A prescription that was taken back, by its record: with a record of its own, or signed by the doctor alone. */
export const cancellation = pgTable("cancellation", {
  prescriptionId: text("prescription_id")
    .primaryKey()
    .references(() => record.id),
  visitId: text("visit_id")
    .notNull()
    .references(() => visit.id),
  recordId: text("record_id").references(() => record.id),
  /** Where there is no record. */
  signed: jsonb("signed").$type<{ commitment: string; envelope: string; recipients: string[]; seal: string }>(),
  at: instant("at").notNull(),
});

/** A patient's wish that a visit is erased, and what came of it. One open at a time; another where something had to be kept. */
export const erasure = pgTable(
  "erasure",
  {
    id: text("id").primaryKey(),
    visitId: text("visit_id")
      .notNull()
      .references(() => visit.id),
    /** What the patient signed: the visit's `Opening` for an erasure. In seconds since 1970. */
    at: bigint("at", { mode: "number" }).notNull(),
    proof: text("proof").notNull(),
    askedAt: instant("asked_at").notNull(),
    erasedAt: instant("erased_at"),
    certificate: jsonb("certificate").$type<Certificate>(),
    /** When the database's files were written anew after it; null while its bytes may be in one of them. */
    scouredAt: instant("scoured_at"),
  },
  (t) => [
    uniqueIndex("erasure_open").on(t.visitId).where(sql`${t.erasedAt} IS NULL`),
    index("erasure_by_time").on(t.askedAt),
  ],
);

/** What somebody keeps for themselves and replaces at each save: see `Kept` in lib/records/seal.ts. */
const kept = {
  sealed: text("sealed").notNull(),
  seal: text("seal").notNull(),
  recipient: text("recipient").notNull(),
  version: integer("version").notNull(),
  previous: text("previous").notNull(),
};

/** A doctor's notes of a visit: one age file for the doctor, replaced at each save. */
export const notes = pgTable("notes", {
  visitId: text("visit_id")
    .primaryKey()
    .references(() => visit.id),
  ...kept,
  savedAt: instant("saved_at").notNull(),
});

/** What a patient shows the doctor of a visit before anything is prescribed: an age file for that doctor. */
export const background = pgTable("background", {
  visitId: text("visit_id")
    .primaryKey()
    .references(() => visit.id),
  ...kept,
  sharedAt: instant("shared_at").notNull(),
});

/** A patient's own list of their visits: an age file for them, under a key that is used for nothing else. */
export const folder = pgTable("folder", {
  signer: text("signer").primaryKey(),
  ...kept,
  savedAt: instant("saved_at").notNull(),
});

/** What a passkey opens, under the SHA-256 of an id that only the passkey makes. */
export const locker = pgTable("locker", {
  hash: text("hash").primaryKey(),
  sealed: text("sealed").notNull(),
  keptAt: instant("kept_at").notNull(),
});
