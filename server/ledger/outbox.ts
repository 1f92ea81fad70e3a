import { and, asc, count, eq, inArray, lte } from "drizzle-orm";
import type { SigningKey } from "ethers";
import { act as acts, ledgerTransaction } from "../storage/schema.ts";
import type { Storage } from "../storage/storage.ts";
import type { LedgerLog, Moved } from "./act.ts";
import { eventOf, type KeptCall, type Log, outcomes } from "./contract.ts";
import { type Party, plan } from "./plan.ts";
import type { AtPoint } from "./points.ts";
import { nextNonce, type Open, openTransactions, sign } from "./transaction.ts";

/**
 * Carries acts from the database to the ledger, in order, one sender at a time:
 * `saved` → signed and stored → `sent` → in a block → `ledger` → enough blocks after it → `final`; or `parked`, with the
 * contract's reason, when it would be refused. Every step begins from what is stored, so that it may die at any moment.
 */
export interface Outbox {
  kick(): void;
  whenIdle(): Promise<void>;
  close(): Promise<void>;
}

interface Options extends Party {
  storage: Storage;
  relayerKey: SigningKey;
  log: LedgerLog;
  onMoved(act: Moved): void;
  confirmations: number;
  at: AtPoint;
}

type Act = typeof acts.$inferSelect & { call: KeptCall };
interface Receipt {
  status: string;
  blockNumber: string;
  blockHash: string;
  logs: Log[];
}
/** Where an act goes next. */
type Move = { act: Act } & (
  | { state: "ledger"; transaction: string; block: number; blockHash: string }
  | { state: "parked"; reason: string }
  | { state: "saved" }
);

/** Acts looked at for one block. */
const AT_ONCE = 400;
/** How long, in milliseconds, a block waits for another to follow by itself before an empty one is mined. */
const CONFIRM_AFTER = 1_500;

export function openOutbox(options: Options): Outbox {
  const { storage, chain, log, confirmations, at } = options;
  let closed = false;
  let kicked = true;
  let wake = () => {};
  let confirmBy = 0;
  const idle = new Set<() => void>();
  /** Acts whose transaction failed although it was tried before: once more, then no more. */
  const failed = new Set<string>();

  const kick = () => {
    kicked = true;
    wake();
  };
  const running = run();
  return {
    kick,
    whenIdle: () =>
      new Promise((resolve) => {
        idle.add(resolve);
        kick();
      }),
    close: async () => {
      closed = true;
      kick();
      await running;
      tellIdle();
    },
  };

  async function run(): Promise<void> {
    let wait = 100;
    let reconciled = false;
    while (!closed) {
      kicked = false;
      try {
        if (!reconciled) await reconcile();
        reconciled = true;
        const next = await step();
        wait = 100;
        if (next === "more") continue;
        if (next === "idle") {
          if (!kicked) tellIdle();
          await until(Number.POSITIVE_INFINITY);
        } else {
          if (idle.size === 0) await until(confirmBy);
          if (!kicked && !closed) await chain.mine([]);
        }
      } catch (error) {
        log.error({ error: String(error) }, "The outbox stumbled; it goes on from what is stored.");
        reconciled = false;
        kicked = false;
        await until(performance.now() + wait);
        wait = Math.min(wait * 2, 5_000);
      }
    }
  }

  /** Until then, or a kick. */
  async function until(then: number): Promise<void> {
    if (kicked) return;
    await new Promise<void>((resolve) => {
      const timer = Number.isFinite(then) ? setTimeout(resolve, Math.max(0, then - performance.now())) : undefined;
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    wake = () => {};
  }

  function tellIdle(): void {
    for (const resolve of idle) resolve();
    idle.clear();
  }

  async function step(): Promise<"more" | "confirm" | "idle"> {
    if (chain.readOnly() !== null) return "idle";
    const open = await openTransactions(storage);
    if (open.length > 0) await settle(open);
    else if (!(await send())) return (await finish()) ? "confirm" : "idle";
    await finish();
    return "more";
  }

  /** Plans, signs, stores and sends what waits. False when nothing does. */
  async function send(): Promise<boolean> {
    const waiting = (await storage.read
      .select()
      .from(acts)
      .where(eq(acts.state, "saved"))
      .orderBy(asc(acts.order))
      .limit(AT_ONCE)) as Act[];
    if (waiting.length === 0) return false;
    const { transactions, refused } = await plan(waiting, options);
    if (refused.length > 0) await move(await Promise.all(refused.map(({ act, reason }) => refuse(act, reason))));
    if (transactions.length === 0) return true;

    const now = new Date();
    const first = await nextNonce(storage, options.relayer);
    const signed = transactions.map(({ acts, data, gas }, i) => ({
      acts,
      ...sign(options.relayerKey, { to: options.domain.address, data, gas }, first + i, options.domain.chainId),
    }));
    await at("storing");
    await storage.keepBooks(async (tx) => {
      await tx
        .insert(ledgerTransaction)
        .values(
          signed.map(({ hash, raw }, i) => ({ hash, raw, account: options.relayer, nonce: first + i, signedAt: now })),
        );
      for (const { hash, acts: carried } of signed) {
        const ids = carried.map(({ id }) => id);
        await tx.update(acts).set({ state: "sent", transaction: hash, movedAt: now }).where(inArray(acts.id, ids));
      }
    });
    for (const { acts: carried } of signed) for (const act of carried) tell(act, "sent", null);
    await at("stored");
    await chain.mine(signed.map(({ raw }) => raw));
    await at("sent");
    await settle(await openTransactions(storage));
    return true;
  }

  /** Sends again what is in no block, and moves the acts of what is in one. */
  async function settle(open: Open[]): Promise<void> {
    let receipts = await receiptsOf(open);
    const lost = open.filter((_, i) => !receipts[i]);
    if (lost.length > 0) {
      await chain.mine(lost.map(({ raw }) => raw));
      receipts = await receiptsOf(open);
    }
    if (receipts.includes(null)) throw new Error("The ledger did not take a stored transaction.");
    const moves: Move[] = [];
    for (const [i, { hash }] of open.entries()) {
      const receipt = receipts[i]!;
      const carried = (await storage.read
        .select()
        .from(acts)
        .where(and(eq(acts.transaction, hash), eq(acts.state, "sent")))
        .orderBy(asc(acts.order))) as Act[];
      const place = { transaction: hash, block: Number(receipt.blockNumber), blockHash: receipt.blockHash };
      const results = outcomes(receipt.logs);
      for (const act of carried) {
        const reason = act.call.is === "record" ? results.get(act.call.recordId!) : null;
        if (receipt.status === "0x1" && reason === null) moves.push({ act, state: "ledger", ...place });
        else if (receipt.status === "0x1") moves.push(await refuse(act, reason ?? "Reverted"));
        else if (failed.has(act.id)) moves.push(await refuse(act, "Reverted"));
        else moves.push({ act, state: "saved" });
        if (receipt.status !== "0x1") failed.add(act.id);
      }
    }
    await at("received");
    confirmBy = performance.now() + CONFIRM_AFTER;
    await move(
      moves,
      open.map(({ hash }, i) => ({ hash, block: Number(receipts[i]!.blockNumber) })),
    );
    await at("moved");
  }

  /** Refused, unless this very act is already there, whoever sent it. */
  async function refuse(act: Act, reason: string): Promise<Move> {
    const topics = reason === "Malformed" ? null : eventOf(act.call);
    if (topics) {
      const filter = { address: options.domain.address, topics, fromBlock: "0x0", toBlock: "latest" };
      const [found] = (await chain.call("eth_getLogs", [filter])) as Log[];
      if (found) {
        const { transactionHash: transaction, blockNumber, blockHash } = found;
        return { act, state: "ledger", transaction, block: Number(blockNumber), blockHash };
      }
    }
    return { act, state: "parked", reason };
  }

  async function move(moves: Move[], settled: { hash: string; block: number }[] = []): Promise<void> {
    const movedAt = new Date();
    await storage.keepBooks(async (tx) => {
      for (const { hash, block } of settled)
        await tx.update(ledgerTransaction).set({ block }).where(eq(ledgerTransaction.hash, hash));
      for (const together of Map.groupBy(moves, ({ act: _, ...to }) => JSON.stringify(to)).values()) {
        const { act: _, ...to } = together[0]!;
        const ids = together.map(({ act }) => act.id);
        await tx
          .update(acts)
          .set({ transaction: null, ...to, movedAt, ledgerAt: to.state === "ledger" ? movedAt : null })
          .where(inArray(acts.id, ids));
      }
    });
    for (const { act, ...to } of moves) {
      if (to.state === "parked")
        log.warn({ act: act.id, kind: act.kind, reason: to.reason }, "The ledger refuses an act.");
      tell(act, to.state, to.state === "parked" ? to.reason : null);
    }
  }

  /** Makes final what is deep enough. True when something still waits for that. */
  async function finish(): Promise<boolean> {
    const deep = (await storage.read
      .select()
      .from(acts)
      .where(and(eq(acts.state, "ledger"), lte(acts.block, chain.head().number - confirmations)))
      .orderBy(asc(acts.order))) as Act[];
    if (deep.length > 0) {
      const numbers = [...new Set(deep.map(({ block }) => block!))];
      const blocks = (await chain.callAll(
        numbers.map((number) => ["eth_getBlockByNumber", [`0x${number.toString(16)}`, false]]),
      )) as { hash: string }[];
      const hashes = new Map(numbers.map((number, i) => [number, blocks[i]!.hash]));
      const changed = deep.find(({ block, blockHash }) => hashes.get(block!) !== blockHash);
      if (changed) {
        chain.stopWriting(`block ${changed.block} is not what it was`);
        return false;
      }
      const ids = deep.map(({ id }) => id);
      await storage.keepBooks((tx) =>
        tx.update(acts).set({ state: "final", movedAt: new Date() }).where(inArray(acts.id, ids)),
      );
      for (const act of deep) tell(act, "final", null);
    }
    const [rest] = await storage.read.select({ n: count() }).from(acts).where(eq(acts.state, "ledger"));
    return rest!.n > 0;
  }

  /** Holds our count of transactions against the chain's, once nothing is open. */
  async function reconcile(): Promise<void> {
    if (chain.readOnly() !== null || (await openTransactions(storage)).length > 0) return;
    const ours = await nextNonce(storage, options.relayer);
    const theirs = Number(await chain.call("eth_getTransactionCount", [options.relayer, "latest"]));
    if (ours !== theirs) chain.stopWriting(`${ours} transactions were stored, ${theirs} are on the chain`);
  }

  async function receiptsOf(open: Open[]): Promise<(Receipt | null)[]> {
    return (await chain.callAll(open.map(({ hash }) => ["eth_getTransactionReceipt", [hash]]))) as (Receipt | null)[];
  }

  function tell(act: Act, state: Moved["state"], reason: string | null): void {
    const { id, kind, object, visitId } = act;
    try {
      options.onMoved({ id, kind, object, visitId, state, reason });
    } catch (error) {
      log.error({ error: String(error) }, "Who listens for moved acts failed.");
    }
  }
}
