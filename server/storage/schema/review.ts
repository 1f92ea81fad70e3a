import { bigint, index, integer, jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import type { Actor } from "../../../lib/audit/entry.ts";
import type { ReviewOutcome, Step } from "../../../lib/audit/review.ts";
import type { Disorder, Recent, Rule, SeenVisit } from "../../../lib/audit/unusual.ts";
import { instant } from "./instant.ts";

/*
 * `finding`, `watched_visit` and `watch` are made of the trail's lines and of nothing else: without their rows they are made
 * again, the same. What admins did is in `review` and `review_step`.
 */

/** One row: how far the trail was looked through, by which rules, and what the last hour's lines said. */
export const watch = pgTable("watch", {
  id: integer("id").primaryKey(),
  number: bigint("number", { mode: "number" }).notNull(),
  rules: text("rules").notNull(),
  recent: jsonb("recent").$type<Recent>().notNull(),
});

/** What the lines so far say of each visit. */
export const watchedVisit = pgTable("watched_visit", {
  visitId: text("visit_id").primaryKey(),
  seen: jsonb("seen").$type<SeenVisit>().notNull(),
});

export const finding = pgTable(
  "finding",
  {
    /** Its rule and the number of the line it began with. */
    id: text("id").primaryKey(),
    rule: text("rule").$type<Rule>().notNull(),
    why: text("why").$type<Disorder>(),
    number: bigint("number", { mode: "number" }).notNull(),
    actor: jsonb("actor").$type<Actor>().notNull(),
    visitId: text("visit_id"),
    at: text("at").notNull(),
    until: text("until").notNull(),
    times: integer("times").notNull(),
    lines: jsonb("lines").$type<number[]>().notNull(),
  },
  (t) => [index("finding_by_number").on(t.number)],
);

/** How a review stands: of a session by the visit's id, or of a finding by its own. */
export const review = pgTable(
  "review",
  {
    about: text("about").primaryKey(),
    version: integer("version").notNull(),
    state: text("state", { enum: ["none", "open", "closed"] }).notNull(),
    assignee: text("assignee"),
    outcome: text("outcome").$type<ReviewOutcome>(),
    /** How often the finding had happened when it was dismissed; null when it is not. */
    dismissed: integer("dismissed"),
    changedAt: instant("changed_at").notNull(),
  },
  (t) => [index("review_by_state").on(t.state, t.changedAt)],
);

/** What was done, step by step. What its line on the trail has of it is `stepHash`; `text` and `salt` go with an erased visit. */
export const reviewStep = pgTable(
  "review_step",
  {
    about: text("about").notNull(),
    version: integer("version").notNull(),
    is: text("is").$type<Step["is"]>().notNull(),
    by: text("by").notNull(),
    at: text("at").notNull(),
    to: text("to"),
    code: text("code"),
    times: integer("times"),
    text: text("text"),
    salt: text("salt"),
    textHash: text("text_hash"),
  },
  (t) => [primaryKey({ columns: [t.about, t.version] })],
);
