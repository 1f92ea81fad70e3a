import { and, asc, count, eq, gt, inArray, lte, or } from "drizzle-orm";
import { act as acts, ledgerTransaction } from "../storage/schema.ts";
import type { Storage } from "../storage/storage.ts";
import type { LedgerLog } from "./act.ts";
import { tellsOf } from "./evidence.ts";
import { type Home, keepFinal } from "./home.ts";
import { type Act, actsOf, type Move, type Mover } from "./moves.ts";
import type { Party } from "./plan.ts";

interface Finality {
  /** Takes back what stands in blocks that are no more: its acts are saved again, its transactions are open again. */
  undo(): Promise<void>;
  /** Makes final what is deep enough. True when something still waits for that. */
  finish(): Promise<boolean>;
}

interface Options extends Party {
  home: Home;
  storage: Storage;
  mover: Mover;
  log: LedgerLog;
}

interface BlockNamed {
  block: number;
  blockHash: string;
}

/** Acts made final at once. */
const AT_ONCE = 1_000;
const same = (a: BlockNamed) => `${a.block} ${a.blockHash}`;

export function openFinality({ chain, domain, home, storage, mover, log }: Options): Finality {
  return { undo, finish };

  async function undo(): Promise<void> {
    if (chain.local) return;
    const place = { block: ledgerTransaction.block, blockHash: ledgerTransaction.blockHash };
    const ours = await storage.read
      .selectDistinct(place)
      .from(ledgerTransaction)
      .where(and(eq(ledgerTransaction.state, "mined"), gt(ledgerTransaction.block, home.finalBlock)));
    const theirs = await storage.read
      .selectDistinct({ block: acts.block, blockHash: acts.blockHash })
      .from(acts)
      .where(or(eq(acts.state, "ledger"), and(eq(acts.state, "parked"), gt(acts.block, home.finalBlock))));
    const named = [...new Map(([...ours, ...theirs] as BlockNamed[]).map((one) => [same(one), one])).values()];
    if (named.length === 0 && home.finalHash === null) return;
    const [last, ...now] = await chain.hashesOf([home.finalBlock, ...named.map(({ block }) => block)]);
    // What was final once must be there still; where there is none now, the node has not come so far.
    if (home.finalHash !== null && last && last !== home.finalHash)
      return chain.stopWriting(`block ${home.finalBlock} was final, and is another now`);
    // A block above the head is gone; one below it that a node does not tell will be asked for again.
    const gone = named.filter(({ block, blockHash }, i) =>
      now[i] === null ? chain.head().number < block : now[i] !== blockHash,
    );
    if (gone.length > 0) await takeBack(gone);
  }

  async function takeBack(gone: BlockNamed[]): Promise<void> {
    const inThese = (table: typeof acts | typeof ledgerTransaction) =>
      or(...gone.map(({ block, blockHash }) => and(eq(table.block, block), eq(table.blockHash, blockHash))));
    const transactions = await storage.read
      .select({ hash: ledgerTransaction.hash, first: ledgerTransaction.first })
      .from(ledgerTransaction)
      .where(and(eq(ledgerTransaction.state, "mined"), inThese(ledgerTransaction)));
    const firstOf = new Map(transactions.map(({ hash, first }) => [hash, first]));
    const firsts = [...firstOf.values()];
    const there = (await storage.read
      .select()
      .from(acts)
      .where(and(inArray(acts.state, ["ledger", "parked"]), inThese(acts)))) as Act[];
    const back: Move[] = there.map((act) => ({ act, state: "saved", first: firstOf.get(act.transaction!) ?? null }));
    for (const act of await actsOf(storage, firsts, ["parked"]))
      back.push({ act, state: "saved", first: act.transaction });
    log.warn(
      { blocks: gone.map(({ block }) => block), acts: back.length },
      "Blocks were replaced; what stood in them is on its way again.",
    );
    await mover.move(back, async (tx) => {
      if (firsts.length === 0) return;
      await tx
        .update(ledgerTransaction)
        .set({ state: "open", block: null, blockHash: null })
        .where(inArray(ledgerTransaction.first, firsts));
    });
  }

  async function finish(): Promise<boolean> {
    if ((await waiting()) === 0) return false;
    const final = await chain.finalBlock();
    if (final.number < home.finalBlock) return true; // a node that is behind has nothing to say yet
    const deep = (await storage.read
      .select()
      .from(acts)
      .where(and(eq(acts.state, "ledger"), lte(acts.block, final.number)))
      .orderBy(asc(acts.order))
      .limit(AT_ONCE)) as Act[];
    if (deep.length === 0) return true;
    const changed = await changedSince(deep);
    if (changed.length > 0 && chain.local) {
      chain.stopWriting(`block ${changed[0]!.block} is not what it was`);
      return false;
    }
    if (changed.length > 0) {
      await takeBack(changed);
      return true;
    }
    // What was looked at, not what the node calls final: that may be made up, and would stand in the way for good.
    const last = deep.reduce((one, other) => (other.block! > one.block! ? other : one));
    await mover.move(
      deep.map((act) => ({ act, state: "final" })),
      (tx) => keepFinal(tx, home, { number: last.block!, hash: last.blockHash! }),
    );
    return (await waiting()) > 0;
  }

  async function waiting(): Promise<number> {
    const [rest] = await storage.read.select({ n: count() }).from(acts).where(eq(acts.state, "ledger"));
    return rest!.n;
  }

  /** The blocks of acts that are not where they were; on a network, everything that made them so is asked for again. */
  async function changedSince(deep: Act[]): Promise<BlockNamed[]> {
    const numbers = [...new Set(deep.map(({ block }) => block!))];
    const hashes = await chain.hashesOf(numbers);
    const now = new Map(numbers.map((number, i) => [number, hashes[i]]));
    const changed = deep.filter(({ block, blockHash }) => now.get(block!) !== blockHash);
    if (changed.length > 0 || chain.local) return blocksOf(changed);
    const names = [...new Set(deep.map(({ transaction }) => transaction!))];
    const receipts = await chain.receipts(names);
    const told = new Map(names.map((name, i) => [name, receipts[i]]));
    return blocksOf(deep.filter((act) => !tellsOf(act, told.get(act.transaction!) ?? null, domain.address)));
  }
}

/** Where acts are that are on the ledger. */
function blocksOf(onLedger: Act[]): BlockNamed[] {
  return onLedger.map(({ block, blockHash }) => ({ block: block!, blockHash: blockHash! }));
}
