import { sql } from "drizzle-orm";
import { bigint, boolean, index, integer, jsonb, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import type { Receipt } from "../../../lib/ledger/receipt.ts";
import { instant } from "./instant.ts";

/** The outbox: acts for the ledger, in the order they were decided. See server/ledger/outbox.ts for its states. */
export const act = pgTable(
  "act",
  {
    id: text("id").primaryKey(),
    order: bigint("order", { mode: "number" }).generatedAlwaysAsIdentity().notNull(),
    kind: text("kind", { enum: ["enroll", "remove", "grant", "revoke", "record", "anchor"] }).notNull(),
    /** The contract call's arguments, as JSON. */
    call: jsonb("call").$type<unknown>().notNull(),
    visitId: text("visit_id"),
    /** The consent's, record's or key's identity. */
    object: text("object").notNull(),
    state: text("state", { enum: ["saved", "sent", "ledger", "final", "parked"] }).notNull(),
    reason: text("reason"),
    transaction: text("transaction"),
    block: bigint("block", { mode: "number" }),
    blockHash: text("block_hash"),
    /** Our promise to whoever signed it; null for what no patient or clinician signed. */
    receipt: jsonb("receipt").$type<Receipt>(),
    savedAt: instant("saved_at").notNull(),
    movedAt: instant("moved_at").notNull(),
    /** When it was seen in a block; `movedAt` goes on to when it was final. */
    ledgerAt: instant("ledger_at"),
  },
  (t) => [
    uniqueIndex("act_in_order").on(t.order),
    index("act_by_arrival").on(t.ledgerAt),
    index("act_by_state").on(t.state, t.order),
    index("act_by_visit").on(t.visitId),
    index("act_by_object").on(t.object),
    index("act_by_transaction").on(t.transaction),
  ],
);

/**
 * A signed transaction, kept before it is sent. One nonce may have several, alike but for their fees, since any of them
 * may be the one that is mined; they share `first`, the hash of the first, and acts on their way refer to it by that.
 */
export const ledgerTransaction = pgTable(
  "ledger_transaction",
  {
    hash: text("hash").primaryKey(),
    first: text("first").notNull(),
    account: text("account").notNull(),
    nonce: bigint("nonce", { mode: "number" }).notNull(),
    raw: text("raw").notNull(),
    /** What it may use; what it used once it is in a block. */
    gas: bigint("gas", { mode: "number" }).notNull(),
    /** `open` until one of `first` is in a block; `void` when the nonce went to a transaction that is not ours. */
    state: text("state", { enum: ["open", "mined", "void"] }).notNull(),
    block: bigint("block", { mode: "number" }),
    blockHash: text("block_hash"),
    signedAt: instant("signed_at").notNull(),
  },
  (t) => [
    uniqueIndex("ledger_transaction_nonce")
      .on(t.account, t.nonce)
      .where(sql`${t.hash} = ${t.first} and ${t.state} <> 'void'`),
    index("ledger_transaction_by_first").on(t.first),
    index("ledger_transaction_by_state").on(t.state, t.nonce),
    index("ledger_transaction_by_block").on(t.block),
    index("ledger_transaction_by_time").on(t.signedAt),
  ],
);

/** One row: the ledger this folder belongs to, since its first contact. */
export const ledgerHome = pgTable("ledger_home", {
  id: integer("id").primaryKey(),
  local: boolean("local").notNull(),
  chainId: text("chain_id").notNull(),
  address: text("address").notNull(),
  /** No act of this install is in an older block. */
  since: bigint("since", { mode: "number" }).notNull(),
  /** The last block that was found to be final, and may never change. */
  finalBlock: bigint("final_block", { mode: "number" }).notNull(),
  finalHash: text("final_hash"),
});

/** The embedded chain's journal: what a block is made of, kept before it is mined; `hash` once it is. */
export const ledgerBlock = pgTable("ledger_block", {
  number: bigint("number", { mode: "number" }).primaryKey(),
  timestamp: bigint("timestamp", { mode: "number" }).notNull(),
  /** Raw transactions in order. */
  transactions: jsonb("transactions").$type<string[]>().notNull(),
  hash: text("hash"),
});
