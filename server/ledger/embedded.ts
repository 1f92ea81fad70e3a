import { Refusal } from "../../lib/refusal.ts";
import type { LedgerLog } from "./act.ts";
import { type Anvil, BLOCK_GAS, startAnvil } from "./anvil.ts";
import type { Block, Chain } from "./chain.ts";
import type { Journal } from "./journal.ts";
import { blockAt, blocksAt, count, known, receiptsOf } from "./node.ts";
import { type Rpc, RpcError } from "./rpc.ts";
import { type SnapshotPlace, saveSnapshot } from "./snapshot.ts";

interface Options {
  journal: Journal;
  /** `folder` holds anvil's own files, too. */
  snapshots: SnapshotPlace;
  /** Sender of everything on this chain. */
  relayer: string;
  log: LedgerLog;
}

/** Blocks that must follow a block before it is final. */
const CONFIRMATIONS = 1;
/** How long, in milliseconds, a block waits for another to follow by itself before an empty one is mined. */
const CONFIRM_AFTER = 1_500;
/** Far above what its blocks ask, in wei a gas. */
const HIGHEST_FEE = 10n ** 13n;
/** How far, in seconds, the chain's clock may run ahead of ours when blocks follow each other within a second. */
const AHEAD = 120;
/** How long, in milliseconds, a question waits for a node that is being started. */
const PATIENCE = 15_000;
/** How long, in milliseconds, after its connections a dead process is seen to be dead. */
const DEATH_SHOWS = 100;
/** Blocks between two snapshots, when stopping and while running; more when there are many, since each holds them all. */
const few = (blocks: number) => Math.max(100, blocks / 100);
const many = (blocks: number) => Math.max(1_000, blocks / 20);

/** The embedded chain: one anvil at a time, fed from the journal, and started again from it when it dies. */
export async function openEmbedded({ journal, snapshots, relayer, log }: Options): Promise<Chain> {
  const oneByOne = queueOfOne();
  let head!: Block;
  let why: string | null = null;
  let opened = false;
  let closed = false;
  let minedAt = 0;
  let snapshotAt = 0;
  let anvil: Anvil | undefined;
  /** The node that answers; null while it is being started. */
  let node: Rpc | null = null;
  let coming = renew();

  await coming;
  opened = true;
  return {
    local: true,
    roundGas: BLOCK_GAS,
    pace: { waiting: CONFIRM_AFTER, hurried: 0, idle: Number.POSITIVE_INFINITY },
    head: () => head,
    nextTimestamp,
    readOnly: () => why,
    stopWriting,
    call: (method, params) => read((rpc) => rpc.call(method, params)),
    callAll: (calls) => read((rpc) => rpc.callAll(calls)),
    send: mine,
    advance: () => mine([]),
    receipts: (hashes) => read((rpc) => receiptsOf(rpc, hashes)),
    hashesOf: async (numbers) => (await read((rpc) => blocksAt(rpc, numbers))).map((block) => block?.hash ?? null),
    finalBlock: async () => {
      const block = await read((rpc) => blockAt(rpc, Math.max(0, head.number - CONFIRMATIONS)));
      if (!block) throw new Error("The embedded ledger does not have a block that it mined.");
      return block;
    },
    fees: async () => ({ highest: HIGHEST_FEE, tip: 0n }),
    balance: async () => null,
    nonce: () => read((rpc) => count(rpc, "eth_getTransactionCount", [relayer, "latest"])),
    knows: (hashes) => read((rpc) => known(rpc, hashes)),
    close: async () => {
      closed = true;
      await oneByOne(async () => {
        if (node && why === null) await snapshotAfter(node, few(head.number));
        node = null;
        anvil?.kill();
        await anvil?.gone;
      });
    },
  };

  /** Journals these signed transactions as the next block, and mines it. A transaction the node refuses is left out. */
  async function mine(raws: string[]): Promise<void> {
    for (;;) {
      const rpc = await answering();
      if (await oneByOne(async () => (rpc === node ? mineNext(rpc, raws) : null))) return;
    }
  }

  /** A new anvil with all blocks. Never two at once, and never beside a block that is being mined. */
  function renew(): Promise<Rpc> {
    node = null;
    const next = oneByOne(async () => {
      for (let wait = 100; ; wait = Math.min(wait * 2, 5_000)) {
        try {
          return await bringBack();
        } catch (error) {
          drop();
          if (closed || !opened) throw error; // whoever opens it hears of it
          log.error({ error: String(error) }, "The ledger's node does not start; trying again.");
          await new Promise((resolve) => setTimeout(resolve, wait));
        }
      }
    });
    next.catch(() => undefined);
    return next;
  }

  /** From the snapshot; from the beginning when there is none, or it leads elsewhere. */
  async function bringBack(): Promise<Rpc> {
    for (const fromSnapshot of [true, false]) {
      const fresh = await startAnvil(snapshots.folder, journal.genesis, log);
      anvil = fresh;
      fresh.gone.then(() => {
        if (closed || node !== fresh.rpc) return; // before it served, the replay fails
        log.error({}, "The ledger's node died; starting it again from the journal.");
        anvil = undefined;
        coming = renew();
      });
      const back = await journal.replay(fresh.rpc, fromSnapshot);
      if (back.wrong !== null && back.snapshot !== null) {
        log.warn({ wrong: back.wrong }, "The ledger's snapshot is no good; replaying everything.");
        drop();
        continue;
      }
      head = back.head;
      snapshotAt = back.snapshot?.number ?? 0;
      if (back.wrong !== null) stopWriting(back.wrong);
      node = fresh.rpc;
      return fresh.rpc;
    }
    throw new Error("Unreachable: without a snapshot there is nothing else to try.");
  }

  function drop(): void {
    const doubtful = anvil;
    anvil = undefined;
    doubtful?.kill();
  }

  async function answering(): Promise<Rpc> {
    if (node) return node;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Refusal("ledger.read-only")), PATIENCE);
    });
    return Promise.race([coming, late]).finally(() => clearTimeout(timer));
  }

  /** Asks once more when the node died under the question. */
  async function read<T>(question: (rpc: Rpc) => Promise<T>): Promise<T> {
    const rpc = await answering();
    try {
      return await question(rpc);
    } catch (error) {
      if (error instanceof RpcError || closed) throw error;
      await new Promise((resolve) => setTimeout(resolve, DEATH_SHOWS));
      if (rpc === node) throw error;
      return question(await answering());
    }
  }

  async function mineNext(rpc: Rpc, raws: string[]): Promise<Block> {
    if (why !== null || closed) throw new Refusal("ledger.read-only");
    await notTooFast();
    const row = { number: head.number + 1, timestamp: nextTimestamp(), transactions: raws };
    await journal.add(row);
    try {
      head = await journal.mine(rpc, row);
    } catch (error) {
      // The block is in the journal, so it will be: from a new start, since this node is in doubt. One start is enough: when
      // the node's death was seen first, another is on its way, and a second would end what the first brings back.
      if (rpc === node) {
        drop();
        if (!closed) coming = renew();
      }
      throw error;
    }
    minedAt = performance.now();
    const mined = head;
    if (mined.number - snapshotAt >= many(mined.number)) oneByOne(() => snapshotAfter(rpc, many(mined.number)));
    return mined;
  }

  async function snapshotAfter(rpc: Rpc, blocks: number): Promise<void> {
    if (rpc !== node || head.number - snapshotAt < blocks) return;
    try {
      await saveSnapshot(rpc, head, snapshots);
      snapshotAt = head.number;
    } catch (error) {
      log.error({ error: String(error) }, "A snapshot of the ledger could not be kept; it goes on without.");
    }
  }

  function stopWriting(reason: string): void {
    why ??= reason;
    log.error({ reason }, "The ledger is read-only: what it is and what it was are not the same.");
  }

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

/** Runs what it is given one after the other. */
export function queueOfOne(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work, work);
    last = mine.catch(() => undefined);
    return mine;
  };
}
