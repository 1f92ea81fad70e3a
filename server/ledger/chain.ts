import { asc, eq, gt } from "drizzle-orm";
import { Refusal } from "../../lib/refusal.ts";
import { ledgerBlock } from "../storage/schema.ts";
import type { Storage } from "../storage/storage.ts";
import { type Anvil, type Genesis, startAnvil } from "./anvil.ts";
import type { LedgerLog } from "./ledger.ts";
import { type Rpc, RpcError } from "./rpc.ts";

/** A mined block. */
export interface Block {
  number: number;
  hash: string;
  timestamp: number;
}

/** The embedded chain: anvil keeps nothing, so what it is made of is in our database before it is mined. */
export interface Chain {
  /** The last block. */
  head(): Block;
  /** When the next block would be, in Unix seconds. */
  nextTimestamp(): number;
  call(method: string, params: unknown[]): Promise<unknown>;
  callAll(calls: [method: string, params: unknown[]][]): Promise<unknown[]>;
  /** Journals these signed transactions as the next block, and mines it. A transaction the node refuses is left out. */
  mine(raws: string[]): Promise<Block>;
  /** Why nothing can be added any more, or null. */
  readOnly(): string | null;
  /** For whoever finds another reason not to go on. Reads go on. */
  stopWriting(why: string): void;
  close(): Promise<void>;
}

/** Moments between which a process can die; tests stop here. */
export type Point = "stored" | "journaled" | "mined" | "hashed";
export type AtPoint = (point: Point) => void | Promise<void>;

interface Options {
  storage: Storage;
  /** Of anvil's own files. */
  folder: string;
  chainId: string;
  /** Has coins on this chain from the beginning. */
  relayer: string;
  log: LedgerLog;
  at: AtPoint;
}

/** How far, in seconds, the chain's clock may run ahead of ours when blocks follow each other within a second. */
const AHEAD = 30;
const HOW_LONG_TO_WAIT = 15_000;
const RELAYER_COINS = `0x${(2n ** 120n).toString(16)}`;

export async function openChain({ storage, folder, chainId, relayer, log, at }: Options): Promise<Chain> {
  const genesis = await readGenesis(storage, chainId);
  const oneByOne = queueOfOne();
  let head!: Block;
  let opened = false;
  let why: string | null = null;
  let closed = false;
  let minedAt = 0;
  let anvil: Anvil | undefined;
  /** The node that answers; null while it is being started. */
  let now: Rpc | null = null;
  let live = renew();

  /** A new anvil with all blocks. Never two at once, and never beside a block that is being mined. */
  function renew(): Promise<Rpc> {
    now = null;
    const next = oneByOne(async () => {
      for (let wait = 100; ; wait = Math.min(wait * 2, 5_000)) {
        try {
          const fresh = await startAnvil(folder, genesis, log);
          anvil = fresh;
          fresh.gone.then(() => {
            if (closed || anvil !== fresh) return;
            log.error({}, "The ledger's node died; starting it again from the journal.");
            live = renew();
          });
          await replay(fresh.rpc);
          now = fresh.rpc;
          return fresh.rpc;
        } catch (error) {
          const failed = anvil;
          anvil = undefined;
          failed?.kill();
          if (closed || !opened) throw error; // whoever opens it hears of it
          log.error({ error: String(error) }, "The ledger's node does not start; trying again.");
          await new Promise((resolve) => setTimeout(resolve, wait));
        }
      }
    });
    next.catch(() => undefined); // whoever waits for it hears of it
    return next;
  }

  async function replay(rpc: Rpc): Promise<void> {
    await rpc.call("anvil_setBalance", [relayer, RELAYER_COINS]);
    head = await blockAt(rpc, 0);
    if (genesis.hash === null) await keepHash(head, []);
    else if (genesis.hash !== head.hash) return stopWriting("block 0 is not what it was");
    genesis.hash = head.hash;
    const from = performance.now();
    for (;;) {
      const piece = await storage.read
        .select()
        .from(ledgerBlock)
        .where(gt(ledgerBlock.number, head.number))
        .orderBy(asc(ledgerBlock.number))
        .limit(500);
      if (piece.length === 0) break;
      for (const row of piece) {
        if (row.number !== head.number + 1) return stopWriting(`block ${head.number + 1} is missing from the journal`);
        if (row.hash === null) {
          head = await mineOn(rpc, row.number, row.timestamp, row.transactions);
          continue;
        }
        for (const raw of row.transactions) await rpc.call("eth_sendRawTransaction", [raw]).catch(refusedByNode);
        await rpc.call("evm_mine", [row.timestamp]);
        head = { number: row.number, hash: row.hash, timestamp: row.timestamp };
      }
      const wrong = await firstDifference(rpc, piece);
      if (wrong !== null) {
        await rpc.call("anvil_rollback", [head.number - wrong + 1]).catch(refusedByNode);
        head = await blockAt(rpc, "latest");
        return stopWriting(`block ${wrong} is not what it was`);
      }
    }
    log.info({ blocks: head.number, ms: Math.round(performance.now() - from) }, "The ledger is back from its journal.");
  }

  /** Mines one journaled block and keeps its hash and what it really took in. */
  async function mineOn(rpc: Rpc, number: number, timestamp: number, raws: string[]): Promise<Block> {
    await rpc.call("anvil_dropAllTransactions", []);
    const taken = new Map<string, string>();
    for (const raw of raws) {
      const hash = await rpc.call("eth_sendRawTransaction", [raw]).catch((error: unknown) => {
        log.warn({ block: number, error: String(error) }, "The ledger's node refused a transaction.");
        return refusedByNode(error);
      });
      if (typeof hash === "string") taken.set(hash, raw);
    }
    await rpc.call("evm_mine", [timestamp]);
    await at("mined");
    const block = await blockAt(rpc, number);
    const inside = block.transactions.map((hash) => taken.get(hash));
    if (inside.includes(undefined)) throw new Error(`Block ${number} holds a transaction that was not journaled.`);
    await keepHash(block, inside as string[]);
    await at("hashed");
    return block;
  }

  async function keepHash(block: Block, transactions: string[]): Promise<void> {
    await storage.keepBooks((tx) =>
      tx.update(ledgerBlock).set({ hash: block.hash, transactions }).where(eq(ledgerBlock.number, block.number)),
    );
  }

  function stopWriting(reason: string): void {
    why ??= reason;
    log.error({ reason }, "The ledger is read-only: its journal and what comes of it are not the same.");
  }

  const node = async (): Promise<Rpc> => {
    if (now) return now;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Refusal("ledger.read-only")), HOW_LONG_TO_WAIT);
    });
    return Promise.race([live, late]).finally(() => clearTimeout(timer));
  };

  await live;
  opened = true;
  return {
    head: () => head,
    nextTimestamp,
    readOnly: () => why,
    stopWriting,
    call: async (method, params) => (await node()).call(method, params),
    callAll: async (calls) => (await node()).callAll(calls),
    mine: async (raws) => {
      for (;;) {
        const used = live;
        const rpc = await node();
        const block = await oneByOne(async () => {
          if (used !== live) return null;
          if (why !== null) throw new Refusal("ledger.read-only");
          await notTooFast();
          const row = { number: head.number + 1, timestamp: nextTimestamp(), transactions: raws };
          await storage.keepBooks((tx) => tx.insert(ledgerBlock).values(row));
          try {
            await at("journaled");
            head = await mineOn(rpc, row.number, row.timestamp, raws);
          } catch (error) {
            // The block is in the journal, so it will be: from a new start, since this node is in doubt.
            const doubtful = anvil;
            anvil = undefined;
            doubtful?.kill();
            if (!closed) live = renew();
            throw error;
          }
          minedAt = performance.now();
          return head;
        });
        if (block) return block;
      }
    },
    close: async () => {
      closed = true;
      await oneByOne(async () => {
        anvil?.kill();
        await anvil?.gone;
      });
    },
  };

  function nextTimestamp(): number {
    return Math.max(head.timestamp + 1, Math.floor(Date.now() / 1000));
  }

  /** Blocks may follow each other at once for a while; then one a second, whatever our clock says. */
  async function notTooFast(): Promise<void> {
    if (nextTimestamp() <= Date.now() / 1000 + AHEAD) return;
    const rest = minedAt + 1_000 - performance.now();
    if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
  }
}

async function readGenesis(storage: Storage, chainId: string): Promise<Genesis & { hash: string | null }> {
  const first = await storage.keepBooks(async (tx) => {
    const now = Math.floor(Date.now() / 1000);
    await tx.insert(ledgerBlock).values({ number: 0, timestamp: now, transactions: [] }).onConflictDoNothing();
    const [first] = await tx.select().from(ledgerBlock).where(eq(ledgerBlock.number, 0));
    return first!;
  });
  return { chainId, timestamp: first.timestamp, hash: first.hash };
}

async function blockAt(rpc: Rpc, at: number | "latest"): Promise<Block & { transactions: string[] }> {
  const block = (await rpc.call("eth_getBlockByNumber", [typeof at === "number" ? hex(at) : at, false])) as {
    number: string;
    hash: string;
    timestamp: string;
    transactions: string[];
  };
  return {
    number: Number(block.number),
    hash: block.hash,
    timestamp: Number(block.timestamp),
    transactions: block.transactions,
  };
}

/** The first of these blocks whose hash is not the stored one, or null. */
async function firstDifference(rpc: Rpc, rows: { number: number; hash: string | null }[]): Promise<number | null> {
  const blocks = (await rpc.callAll(rows.map(({ number }) => ["eth_getBlockByNumber", [hex(number), false]]))) as ({
    hash: string;
  } | null)[];
  const wrong = rows.find((row, i) => row.hash !== null && blocks[i]?.hash !== row.hash);
  return wrong?.number ?? null;
}

/** What the node says no to stays out; anything else is a failure of the node. */
function refusedByNode(error: unknown): null {
  if (error instanceof RpcError) return null;
  throw error;
}

function hex(number: number): string {
  return `0x${number.toString(16)}`;
}

/** Runs what it is given one after the other. */
function queueOfOne(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work, work);
    last = mine.catch(() => undefined);
    return mine;
  };
}
