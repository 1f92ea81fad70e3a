import { bigint, boolean, index, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { instant } from "./instant.ts";
import { visit } from "./visits.ts";

/** Ciphertext files by the SHA-256 of their bytes; the bytes are in the stores. */
export const blob = pgTable(
  "blob",
  {
    hash: text("hash").notNull(),
    visitId: text("visit_id")
      .notNull()
      .references(() => visit.id),
    size: bigint("size", { mode: "number" }).notNull(),
    byPatient: boolean("by_patient").notNull(),
    storedAt: instant("stored_at").notNull(),
    /** What the stores call it: its hash and eight digits that no other blob has, so that a deletion is never another's. */
    key: text("key").notNull().unique(),
    /** SHA-256 of each piece, one after the other, in base64: see server/storage/pieces.ts. */
    pieces: text("pieces").notNull(),
  },
  (t) => [primaryKey({ columns: [t.visitId, t.hash] }), index("blob_by_time").on(t.storedAt)],
);

/**
 * What a store has of a blob, and when somebody has to see to it next: `arriving` (being written, no blob refers to it
 * yet), `owed` (it should be there and is not, or not whole), `kept`, `drop` (it has to go). A row is there before the bytes
 * are and until they are gone, so bytes without a row belong to nobody.
 */
export const blobCopy = pgTable(
  "blob_copy",
  {
    key: text("key").notNull(),
    store: text("store").notNull(),
    state: text("state", { enum: ["arriving", "owed", "kept", "drop"] }).notNull(),
    due: instant("due").notNull(),
    /** When it was last read and found whole. */
    checkedAt: instant("checked_at"),
  },
  (t) => [primaryKey({ columns: [t.key, t.store] }), index("blob_copy_due").on(t.store, t.state, t.due)],
);

/** A place that blobs are kept in, by its name. */
export const blobStore = pgTable("blob_store", {
  name: text("name").primaryKey(),
  /** The word we left there, by which we know it again. */
  mark: text("mark").notNull(),
  state: text("state", { enum: ["up", "full", "away", "foreign"] }).notNull(),
  since: instant("since").notNull(),
  /** Copies that were found gone or changed, and that were put right, since the beginning. */
  missing: integer("missing").notNull().default(0),
  damaged: integer("damaged").notNull().default(0),
  repaired: integer("repaired").notNull().default(0),
  /** Nothing was owed to it when somebody looked last. */
  whole: boolean("whole").notNull().default(true),
  /** How far the look for bytes without a row has come, and when the last one was done. */
  sweptTo: text("swept_to").notNull().default(""),
  sweptAt: instant("swept_at"),
});
