import { sql } from "drizzle-orm";
import { bigint, index, integer, jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import type { Action, Actor } from "../../../lib/audit/entry.ts";
import type { ExportFilter, ExportFormat } from "../../../lib/audit/export.ts";
import type { ExportReason } from "../../../lib/audit/export-request.ts";
import { user } from "./auth.ts";
import { instant } from "./instant.ts";

/**
 * The trail. Append only: triggers in the migrations refuse UPDATE and DELETE, but for emptying a line after six years
 * (lib/audit/retained.ts).
 */
export const entry = pgTable(
  "entry",
  {
    number: bigint("number", { mode: "number" }).primaryKey(),
    at: text("at").notNull(),
    actor: jsonb("actor").$type<Actor>().notNull(),
    action: text("action").$type<Action>().notNull(),
    visitId: text("visit_id"),
    /** Which line of its visit it is. */
    ofVisit: integer("of_visit"),
    object: text("object"),
    consent: text("consent"),
    refusal: text("refusal"),
    detail: jsonb("detail").$type<Record<string, string | number>>().notNull(),
    salt: text("salt").notNull(),
    previous: text("previous").notNull(),
    hash: text("hash").notNull(),
    /** The act this line queued for the ledger. */
    actId: text("act_id"),
  },
  (t) => [
    index("entry_by_visit").on(t.visitId, t.number),
    index("entry_by_action").on(t.action, t.number),
    index("entry_by_time").on(t.at),
    index("entry_refused").on(t.at).where(sql`${t.refusal} IS NOT NULL`),
    index("entry_refused_of_visit").on(t.visitId).where(sql`${t.refusal} IS NOT NULL`),
    index("entry_refusals").on(t.number).where(sql`${t.refusal} IS NOT NULL`),
    index("entry_by_actor").on(sql`(${t.actor} ->> 'id')`, t.number),
    index("entry_by_day").on(sql`left(${t.at}, 10)`, t.number),
    index("entry_by_act").on(t.actId).where(sql`${t.actId} IS NOT NULL`),
  ],
);

/** The trail's last number and hash: one row, whose lock puts appends in order. */
export const trailHead = pgTable("trail_head", {
  id: integer("id").primaryKey(),
  number: bigint("number", { mode: "number" }).notNull(),
  hash: text("hash").notNull(),
});

/** One row: the last line `trail.retained` whose emptied bytes are in no file of the database any more. */
export const retention = pgTable("retention", {
  id: integer("id").primaryKey(),
  scoured: bigint("scoured", { mode: "number" }).notNull(),
});

/** The log's tree (RFC 9162): roots of the full subtrees of 256^level leaves, of which level 0 is the trail itself. */
export const logSubtree = pgTable(
  "log_subtree",
  {
    level: integer("level").notNull(),
    index: bigint("index", { mode: "number" }).notNull(),
    root: text("root").notNull(),
  },
  (t) => [primaryKey({ columns: [t.level, t.index] })],
);

/** What the log has signed. Append only but for the cosignatures that come later. */
export const checkpoint = pgTable(
  "checkpoint",
  {
    size: bigint("size", { mode: "number" }).primaryKey(),
    root: text("root").notNull(),
    /** The signed note, with the log's own signatures. */
    note: text("note").notNull(),
    signedAt: instant("signed_at").notNull(),
  },
  (t) => [index("checkpoint_by_time").on(t.signedAt)],
);

/** Who cosigns the log's checkpoints, as an admin added them. */
export const witness = pgTable("witness", {
  id: text("id").primaryKey(),
  /** Where it takes them: `add-checkpoint` comes after it. */
  url: text("url").notNull(),
  /** `name+id+base64`, as c2sp.org/signed-note writes a key. */
  key: text("key").notNull().unique(),
  addedAt: instant("added_at").notNull(),
  /** Leaves under the checkpoint that it cosigned last. */
  size: bigint("size", { mode: "number" }).notNull().default(0),
  /** When it cosigned last, by its own clock. */
  cosignedAt: instant("cosigned_at"),
  /** Why its last answer was none. */
  trouble: text("trouble", { enum: ["away", "knows-more", "knows-another"] }),
});

/** Exports that are too much for one admin alone: who asked for what and why, and what another admin said. */
export const exportRequest = pgTable(
  "export_request",
  {
    id: text("id").primaryKey(),
    askedBy: text("asked_by")
      .notNull()
      .references(() => user.id),
    askedAt: instant("asked_at").notNull(),
    format: text("format").$type<ExportFormat>().notNull(),
    filter: jsonb("filter").$type<ExportFilter>().notNull(),
    /** The trail's last line when it was asked for: a yes is for nothing later. */
    last: bigint("last", { mode: "number" }).notNull(),
    lines: integer("lines").notNull(),
    sessions: integer("sessions").notNull(),
    /** Of exactly which lines or sessions: see server/audit/exported-lines.ts. */
    digest: text("digest").notNull(),
    reason: text("reason").$type<ExportReason>().notNull(),
    /** In the asker's words; on no line of the trail. */
    note: text("note"),
    state: text("state", { enum: ["asked", "approved", "refused", "withdrawn"] }).notNull(),
    decidedBy: text("decided_by").references(() => user.id),
    decidedAt: instant("decided_at"),
    /** How often it was taken since. */
    taken: integer("taken").notNull().default(0),
  },
  (t) => [index("export_request_by_state").on(t.state, t.askedAt)],
);
