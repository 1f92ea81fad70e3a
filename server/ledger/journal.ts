import { asc, eq, gt } from "drizzle-orm";
import { ledgerBlock } from "../storage/schema.ts";
import type { Storage } from "../storage/storage.ts";
import type { LedgerLog } from "./act.ts";
import type { Genesis } from "./anvil.ts";
import type { Block } from "./chain.ts";
import { blockAt, blocksAt, type NodeBlock } from "./node.ts";
import type { AtPoint } from "./points.ts";
import { type Rpc, RpcError } from "./rpc.ts";
import { loadSnapshot } from "./snapshot.ts";

/** What the chain is made of, block by block, kept before it is mined; anvil itself keeps nothing. */
export interface Journal {
  readonly genesis: Genesis;
  /** Adds the next block, not mined yet. */
  add(block: { number: number; timestamp: number; transactions: string[] }): Promise<void>;
  /** Mines a block of the journal, and keeps its hash and what it really took in. */
  mine(rpc: Rpc, block: { number: number; timestamp: number; transactions: string[] }): Promise<Block>;
  /**
   * Mines on an empty node all there is, or all since the snapshot. Stops before the first block that is not what it
   * was: `wrong` says which. A block that was never mined is mined now.
   */
  replay(rpc: Rpc, fromSnapshot: boolean): Promise<{ head: Block; wrong: string | null; snapshot: Block | null }>;
}

interface Options {
  storage: Storage;
  chainId: string;
  /** Has coins on this chain from the beginning. */
  relayer: string;
  /** Of snapshots, and what vouches for them. */
  folder: string;
  key: string;
  log: LedgerLog;
  at: AtPoint;
}

/** What the relayer has on this chain from the beginning, in wei. */
export const RELAYER_COINS = `0x${(2n ** 120n).toString(16)}`;
/** Blocks read and compared at once. */
const PIECE = 500;

export async function openJournal(options: Options): Promise<Journal> {
  const { storage, relayer, log, at } = options;
  const first = await storage.keepBooks(async (tx) => {
    const timestamp = Math.floor(Date.now() / 1000);
    await tx.insert(ledgerBlock).values({ number: 0, timestamp, transactions: [] }).onConflictDoNothing();
    const [row] = await tx.select().from(ledgerBlock).where(eq(ledgerBlock.number, 0));
    return row!;
  });
  const genesis = { chainId: options.chainId, timestamp: first.timestamp };

  const mine: Journal["mine"] = async (rpc, { number, timestamp, transactions }) => {
    await at("journaled");
    await rpc.call("anvil_dropAllTransactions", []);
    const taken = new Map<string, string>();
    for (const raw of transactions) {
      const hash = await rpc.call("eth_sendRawTransaction", [raw]).catch((error: unknown) => {
        log.warn({ block: number, error: String(error) }, "The ledger's node refused a transaction.");
        return refusedByNode(error);
      });
      if (typeof hash === "string") taken.set(hash, raw);
    }
    await rpc.call("evm_mine", [timestamp]);
    await at("mined");
    const block = await minedAt(rpc, number);
    const inside = block.transactions.map((hash) => taken.get(hash));
    if (inside.includes(undefined)) throw new Error(`Block ${number} holds a transaction that was not journaled.`);
    await keepHash(block, inside as string[]);
    await at("hashed");
    return block;
  };

  async function keepHash(block: Block, transactions: string[]): Promise<void> {
    await storage.keepBooks((tx) =>
      tx.update(ledgerBlock).set({ hash: block.hash, transactions }).where(eq(ledgerBlock.number, block.number)),
    );
  }

  /** Sets the node to the snapshot, else to before the first block. */
  async function begin(rpc: Rpc, fromSnapshot: boolean): Promise<{ head: Block; snapshot: Block | null }> {
    const snapshot = fromSnapshot ? await loadSnapshot(rpc, options) : null;
    if (snapshot === null) await rpc.call("anvil_setBalance", [relayer, RELAYER_COINS]);
    return { head: await minedAt(rpc, "latest"), snapshot };
  }

  return {
    genesis,
    mine,
    add: async (block) => {
      await at("journaling");
      await storage.keepBooks((tx) => tx.insert(ledgerBlock).values(block));
    },
    replay: async (rpc, fromSnapshot) => {
      const began = performance.now();
      let { head, snapshot } = await begin(rpc, fromSnapshot);
      const say = (wrong: string | null) => ({ head, wrong, snapshot });
      if (snapshot && head.hash !== snapshot.hash) return say("the snapshot is not what it was");
      if (!snapshot && first.hash === null) await keepHash(head, []);
      else if (!snapshot && first.hash !== head.hash) return say("block 0 is not what it was");
      first.hash ??= head.hash;

      for (;;) {
        const rows = await storage.read
          .select()
          .from(ledgerBlock)
          .where(gt(ledgerBlock.number, head.number))
          .orderBy(asc(ledgerBlock.number))
          .limit(PIECE);
        if (rows.length === 0) break;
        for (const row of rows) {
          if (row.number !== head.number + 1) return say(`block ${head.number + 1} is not in the journal`);
          if (row.hash === null) {
            head = await mine(rpc, row);
            continue;
          }
          for (const raw of row.transactions) await rpc.call("eth_sendRawTransaction", [raw]).catch(refusedByNode);
          await rpc.call("evm_mine", [row.timestamp]).catch(refusedByNode);
          head = { number: row.number, hash: row.hash, timestamp: row.timestamp };
        }
        const wrong = await firstDifference(rpc, rows);
        if (wrong !== null) {
          const there = await minedAt(rpc, "latest");
          await rpc.call("anvil_rollback", [there.number - wrong + 1]).catch(refusedByNode);
          head = await minedAt(rpc, "latest");
          return say(`block ${wrong} is not what it was`);
        }
      }
      const ms = Math.round(performance.now() - began);
      log.info({ blocks: head.number, snapshot: snapshot?.number ?? null, ms }, "The ledger is back from its journal.");
      return say(null);
    },
  };
}

async function minedAt(rpc: Rpc, at: number | "latest"): Promise<NodeBlock> {
  const block = await blockAt(rpc, at);
  if (!block) throw new Error(`The ledger's node has no block ${at}.`);
  return block;
}

/** The first of these blocks whose hash is not the stored one, or null. */
async function firstDifference(rpc: Rpc, rows: { number: number; hash: string | null }[]): Promise<number | null> {
  const blocks = await blocksAt(
    rpc,
    rows.map(({ number }) => number),
  );
  const wrong = rows.find((row, i) => row.hash !== null && blocks[i]?.hash !== row.hash);
  return wrong?.number ?? null;
}

/** What the node says no to stays out; anything else is a failure of the node. */
function refusedByNode(error: unknown): null {
  if (error instanceof RpcError) return null;
  throw error;
}
