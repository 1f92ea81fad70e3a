import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { and, gte, lt, lte, sql } from "drizzle-orm";
import { z } from "zod";
import { writeDurably } from "../storage/durably.ts";
import { ledgerBlock } from "../storage/schema.ts";
import type { Storage } from "../storage/storage.ts";
import type { Block } from "./chain.ts";
import type { AtPoint } from "./points.ts";
import type { Rpc } from "./rpc.ts";

/** The chain at one block, so that a start replays only what came later. Never needed: without it everything is replayed. */
const Snapshot = z.object({
  block: z.object({ number: z.int(), hash: z.string(), timestamp: z.int() }),
  /** Of the journal up to this block: a snapshot stands only for the journal it was made from. */
  journal: z.string(),
  state: z.string(),
});

export interface SnapshotPlace {
  storage: Storage;
  folder: string;
  /** Vouches for the file; a secret of the install. */
  key: string;
  at: AtPoint;
}

/** Rows of the journal that are hashed at once. */
const PIECE = 500;

export async function saveSnapshot(rpc: Rpc, block: Block, { storage, folder, key, at }: SnapshotPlace): Promise<void> {
  const state = String(await rpc.call("anvil_dumpState", []));
  const { number, hash, timestamp } = block;
  const body = JSON.stringify({
    block: { number, hash, timestamp },
    journal: await journalHash(storage, number),
    state,
  });
  await writeDurably(join(folder, "snapshot"), `${seal(key, body)}\n${body}`, () => at("snapshotting"));
  await at("snapshotted");
}

/** Puts a fresh node where the snapshot was; null when there is none that fits the journal. The node may then hold anything. */
export async function loadSnapshot(
  rpc: Rpc,
  { storage, folder, key }: Omit<SnapshotPlace, "at">,
): Promise<Block | null> {
  const text = await readFile(join(folder, "snapshot"), "utf8").catch(() => "");
  const cut = text.indexOf("\n");
  if (cut < 0) return null;
  const body = text.slice(cut + 1);
  const expected = Buffer.from(seal(key, body));
  const found = Buffer.from(text.slice(0, cut));
  if (found.length !== expected.length || !timingSafeEqual(found, expected)) return null;
  const { block, journal, state } = Snapshot.parse(JSON.parse(body));
  if ((await journalHash(storage, block.number)) !== journal) return null;
  await rpc.call("anvil_loadState", [state]);
  return block;
}

/** Over every column of the journal's first blocks, in order. The database hashes, so that rows need not travel. */
async function journalHash(storage: Storage, last: number): Promise<string> {
  const all = createHash("sha256");
  for (let from = 0; from <= last; from += PIECE) {
    const line = sql`concat_ws(' ', ${ledgerBlock.number}, ${ledgerBlock.timestamp}, ${ledgerBlock.hash}, ${ledgerBlock.transactions}::text)`;
    const [row] = await storage.read
      .select({
        hash: sql<string>`encode(sha256(convert_to(string_agg(${line}, ',' order by ${ledgerBlock.number}), 'UTF8')), 'hex')`,
      })
      .from(ledgerBlock)
      .where(and(gte(ledgerBlock.number, from), lt(ledgerBlock.number, from + PIECE), lte(ledgerBlock.number, last)));
    all.update(row?.hash ?? "none");
  }
  return all.digest("hex");
}

function seal(key: string, body: string): string {
  return createHmac("sha256", key).update("snapshot\n").update(body).digest("hex");
}
