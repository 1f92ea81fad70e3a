import { and, asc, eq, inArray, isNull } from "drizzle-orm";
import type { SigningKey } from "ethers";
import type { Trouble } from "../../lib/ledger/api.ts";
import { act as acts } from "../storage/schema.ts";
import type { Storage } from "../storage/storage.ts";
import type { LedgerLog, Moved } from "./act.ts";
import { type Alarms, openAlarms } from "./alarms.ts";
import { NotNow, SURE } from "./chain.ts";
import { openFinality } from "./finality.ts";
import type { Home } from "./home.ts";
import { type Act, type Move, openMover, upTo } from "./moves.ts";
import { openNonces } from "./nonces.ts";
import { type Party, plan } from "./plan.ts";
import type { AtPoint } from "./points.ts";
import { openPurse } from "./purse.ts";
import { RpcError } from "./rpc.ts";
import { openSettling } from "./settle.ts";
import { keep, nextNonce, openFamilies, sign } from "./transaction.ts";

/**
 * Carries acts from the database to the ledger, in order, one sender at a time:
 * `saved` → signed and stored → `sent` → in a block → `ledger` → in a block that stays → `final`; or `parked`, with the
 * contract's reason, when it would be refused. Every step begins from what is stored, so that it may die at any moment;
 * what the chain says is asked for again until it can be believed.
 */
interface Outbox {
  kick(): void;
  /** What keeps acts from the ledger, the gravest first; null when nothing does. */
  trouble(): Trouble | null;
  whenIdle(): Promise<void>;
  close(): Promise<void>;
}

interface OutboxOptions extends Party {
  home: Home;
  storage: Storage;
  relayerKey: SigningKey;
  log: LedgerLog;
  onMoved(act: Moved): void;
  at: AtPoint;
  /** Gas that may be used a day, null for any. */
  dailyGas: number | null;
  stuckAfter: number;
}

/** Milliseconds after errors in a row, or this many of the times that the chain is looked at. */
const LONGEST_PAUSE = 5_000;
const PAUSES = 10;
/** Acts looked at for one round. */
const AT_ONCE = 400;
const CLOSING = ["revoke", "remove"] as const;

interface Refused {
  act: Act;
  reason: string;
}

/** What comes after a step: another at once; one after a while, or when something is queued; one after a while; nothing. */
type Next = "more" | "confirm" | "wait" | "idle";

export function openOutbox(options: OutboxOptions): Outbox {
  const { storage, chain, log, at, relayer, domain } = options;
  const alarms: Alarms = openAlarms(log);
  const mover = openMover(options);
  const settling = openSettling({ ...options, mover });
  const finality = openFinality({ ...options, mover });
  const nonces = openNonces({ ...options, mover, alarms });
  const purse = openPurse({ ...options, alarms });
  let closed = false;
  let kicked = true;
  let wake = () => {};
  /** When something last moved: since then the chain is waited for. */
  let rested = 0;
  const idle = new Set<() => void>();
  const heard = new Map<string, { reason: string; times: number }>();

  const kick = () => {
    kicked = true;
    wake();
  };
  const running = run();
  return {
    kick,
    trouble: alarms.now,
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
    let pause = 100;
    let reconciled = false;
    while (!closed) {
      kicked = false;
      try {
        if (!reconciled) await reconcile();
        reconciled = true;
        const next = await step();
        pause = 100;
        alarms.over("node-down", "node-doubtful", "second-node-down", "second-node-differs");
        if (next !== "more") await rest(next);
      } catch (error) {
        // A node that says no to a question of ours, such as for a block that it just lost, is in doubt like one that errs.
        if ((error instanceof NotNow || error instanceof RpcError) && !chain.local)
          alarms.raise(
            error instanceof NotNow ? error.why : "node-doubtful",
            "The ledger cannot be reached or believed; acts wait.",
            { error: error.message },
          );
        else log.error({ error: String(error) }, "The outbox stumbled; it goes on from what is stored.");
        reconciled = false;
        kicked = false;
        await until(performance.now() + Math.max(pause, error instanceof NotNow ? chain.pace.waiting : 0), true);
        pause = Math.min(pause * 2, LONGEST_PAUSE, PAUSES * chain.pace.waiting);
      }
    }
  }

  async function rest(next: Exclude<Next, "more">): Promise<void> {
    if (next === "idle") {
      if (!kicked) tellIdle();
      await until(performance.now() + chain.pace.idle, false);
      if (kicked || closed || chain.local || chain.readOnly() !== null) return;
      await purse.look();
    } else {
      const { hurried, waiting } = chain.pace;
      await until(rested + (idle.size > 0 ? hurried : waiting), next === "wait");
      if (closed || (kicked && next === "confirm")) return;
    }
    await chain.advance();
    rested = performance.now();
  }

  /** Until then, or a kick; only until closed when it is `deaf` to kicks. */
  async function until(then: number, deaf: boolean): Promise<void> {
    if (closed || (kicked && !deaf)) return;
    await new Promise<void>((resolve) => {
      const timer = Number.isFinite(then) ? setTimeout(resolve, Math.max(0, then - performance.now())) : undefined;
      wake = () => {
        if (deaf && !closed) return;
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

  async function step(): Promise<Next> {
    if (chain.readOnly() !== null) return "idle";
    await finality.undo();
    if (chain.readOnly() !== null) return "idle";
    const open = await openFamilies(storage);
    const way = open.length > 0 ? await settle() : await send();
    const unfinished = await finality.finish();
    if (way === "nothing") return unfinished ? "confirm" : "idle";
    return way === "moved" ? "more" : "wait";
  }

  /** Moves what is in a block, and looks after the rest. */
  async function settle(): Promise<"moved" | "held"> {
    const open = await openFamilies(storage);
    let left = await settling.settle(open);
    if (left.length > 0 && chain.local) {
      await chain.send(left.map(({ variants }) => variants.at(-1)!.raw));
      left = await settling.settle(left);
      if (left.length > 0) throw new Error("The ledger did not take a stored transaction.");
    }
    if (left.length > 0) await nonces.tend(left);
    else alarms.over("stuck");
    if (left.length === open.length) return "held";
    rested = performance.now();
    return "moved";
  }

  /** Plans, signs, stores and sends what waits. */
  async function send(): Promise<"nothing" | "held" | "moved"> {
    const waiting = await waitingActs();
    if (waiting === "held" || waiting.length === 0) return waiting === "held" ? "held" : "nothing";
    const { transactions, refused } = await plan(waiting, options, settling.hasFailed);
    const certain = certainOf(refused);
    const parked: Move[] = await Promise.all(certain.map(({ act, reason }) => settling.refuse(act, reason)));
    for (const act of [...certain.map(({ act }) => act), ...transactions.flatMap(({ acts }) => acts)])
      heard.delete(act.id);
    await mover.move(parked);
    if (transactions.length === 0) return parked.length > 0 ? "moved" : "held";

    const fees = await chain.fees();
    const covered = transactions.slice(0, await purse.covers(transactions, fees));
    if (covered.length === 0) return "held";
    const free = await nonces.next(covered.length);
    const signed = covered.map(({ acts, data, gas }, i) => {
      const nonce = free[i]!;
      return {
        acts,
        nonce,
        gas,
        ...sign(options.relayerKey, { to: domain.address, data, gas }, nonce, domain.chainId, fees),
      };
    });
    await at("storing");
    // Our own chain takes what it is given; on a network an act has left when the node has it.
    const state = chain.local ? "sent" : "saved";
    await mover.move(
      signed.flatMap(({ acts, hash: first }) => acts.map((act): Move => ({ act, state, first }))),
      (tx) =>
        keep(
          tx,
          relayer,
          signed.map(({ hash, raw, nonce, gas }) => ({ hash, raw, nonce, gas, first: null })),
        ),
    );
    await at("stored");
    await chain.send(signed.map(({ raw }) => raw));
    await at("sent");
    if (!chain.local) await nonces.sent(await openFamilies(storage));
    return settle();
  }

  /** What waits to be signed, in order; when today's gas is used up, what closes access, behind what was promised before it. */
  async function waitingActs(): Promise<Act[] | "held"> {
    const saved = and(eq(acts.state, "saved"), isNull(acts.transaction));
    const of = async (which: typeof saved) =>
      (await storage.read.select().from(acts).where(which).orderBy(asc(acts.order)).limit(AT_ONCE)) as Act[];
    const all = await of(saved);
    if (all.length === 0 || !(await purse.isSpent())) return all;
    alarms.raise("daily-gas", "Today's gas is used up. Only what closes access is sent until tomorrow.");
    const closing = await of(and(saved, inArray(acts.kind, [...CLOSING])));
    const urgent = closing.length > 0 ? await of(and(saved, upTo(closing))) : [];
    return urgent.length > 0 ? urgent : "held";
  }

  /** The refusals that count: on a network those heard a few times in a row, for the first reason, since later ones may come of what was sent meanwhile. */
  function certainOf(refused: Refused[]): Refused[] {
    return refused.flatMap(({ act, reason }) => {
      if (chain.local || reason === "Malformed") return [{ act, reason }];
      const before = heard.get(act.id);
      const now = { reason: before?.reason ?? reason, times: (before?.times ?? 0) + 1 };
      heard.set(act.id, now);
      return now.times >= SURE ? [{ act, reason: now.reason }] : [];
    });
  }

  /** Before anything is sent after a start or an error. */
  async function reconcile(): Promise<void> {
    if (chain.readOnly() !== null) return;
    if (!chain.local) {
      await chain.advance();
      await nonces.reconcile();
      return purse.look();
    }
    if ((await openFamilies(storage)).length > 0) return;
    const [ours, theirs] = [await nextNonce(storage, relayer), await chain.nonce()];
    if (ours !== theirs) chain.stopWriting(`${ours} transactions were stored, ${theirs} are on the chain`);
  }
}
