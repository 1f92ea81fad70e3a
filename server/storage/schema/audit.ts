import { sql } from "drizzle-orm";
import { bigint, index, integer, jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import type { Action, Actor } from "../../../lib/audit/entry.ts";
import { instant } from "./instant.ts";

/** The trail. Append only: triggers in the migrations refuse UPDATE and DELETE. */
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
  ],
);

/** The trail's last number and hash: one row, whose lock puts appends in order. */
export const trailHead = pgTable("trail_head", {
  id: integer("id").primaryKey(),
  number: bigint("number", { mode: "number" }).notNull(),
  hash: text("hash").notNull(),
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
  trouble: text("trouble", { enum: ["away", "refuses", "knows-more", "knows-another"] }),
});
