import { inArray } from "drizzle-orm";
import type { SigningKey } from "ethers";
import { ledgerTransaction } from "../storage/schema.ts";
import type { Storage } from "../storage/storage.ts";
import type { LedgerLog } from "./act.ts";
import type { Alarms } from "./alarms.ts";
import { NotTaken, SURE } from "./chain.ts";
import { actsOf, type Mover } from "./moves.ts";
import type { Party } from "./plan.ts";
import type { AtPoint } from "./points.ts";
import { type Family, freeNonces, keep, nextNonce, openFamilies, signAgain } from "./transaction.ts";

/** The sender's nonces on a network, where others may use its key and a node may forget. */
export interface Nonces {
  /** The next nonces to sign for, in order. */
  next(many: number): Promise<number[]>;
  /** Looks after what is in no block: sends again what was forgotten, offers more for what is stuck, gives up what cannot come. */
  tend(open: Family[]): Promise<void>;
  /** What the node was just given has left. */
  sent(open: Family[]): Promise<void>;
  /** Gives back what another key of ours signed, before it was exchanged. */
  reconcile(): Promise<void>;
}

interface Options extends Party {
  storage: Storage;
  relayerKey: SigningKey;
  mover: Mover;
  alarms: Alarms;
  log: LedgerLog;
  at: AtPoint;
  /** Milliseconds after which a transaction that waits through two blocks is offered for more. */
  stuckAfter: number;
}

/** Transactions for one nonce: the first and three that offer more. */
const VARIANTS = 4;
const BLOCKS_WAITED = 2;

export function openNonces(options: Options): Nonces {
  const { chain, relayer, relayerKey, storage, mover, alarms, log, at, stuckAfter } = options;
  /** How often in a row a nonce was seen to be beyond reach. */
  const looks = new Map<string, number>();
  const waiting = new Map<string, { since: number; block: number }>();

  return { next, tend, sent, reconcile };

  async function next(many: number): Promise<number[]> {
    const ours = await nextNonce(storage, relayer);
    if (chain.local) return Array.from({ length: many }, (_, i) => ours + i);
    const theirs = await chain.nonce();
    if (ours > 0 && theirs > ours)
      log.error(
        { ours, theirs },
        "Somebody else sends with the relayer's key, or this is a restored backup. Going on behind it.",
      );
    return freeNonces(storage, relayer, theirs, many);
  }

  async function tend(open: Family[]): Promise<void> {
    const onChain = await chain.nonce();
    const [free = onChain] = await freeNonces(storage, relayer, onChain, 1);
    const lost = open.filter(({ nonce }) => nonce < onChain || nonce > free);
    for (const { first } of open) if (!lost.some((family) => family.first === first)) looks.delete(first);
    for (const { first } of lost) looks.set(first, (looks.get(first) ?? 0) + 1);
    const gone = lost.filter(({ first }) => looks.get(first)! >= SURE);
    if (gone.length > 0) {
      log.error(
        { nonces: gone.map(({ nonce }) => nonce), onChain },
        "Nonces of ours went to transactions that are not ours, or cannot be reached. Their acts are signed again.",
      );
      await giveBack(gone);
    }
    const alive = open.filter((family) => !lost.includes(family));
    if (alive.length === 0) return;
    // What a node says no to may only need a better offer, which comes before the complaint.
    const refused = await sendForgotten(alive).catch((error: unknown) => {
      if (error instanceof NotTaken) return error;
      throw error;
    });
    if (!refused) await sent(alive);
    await offerMore(alive);
    if (refused) throw refused;
  }

  async function sendForgotten(open: Family[]): Promise<void> {
    const hashes = open.flatMap(({ variants }) => variants.map(({ hash }) => hash));
    const answers = await chain.knows(hashes);
    const known = new Set(hashes.filter((_, i) => answers[i]));
    const forgotten = open.filter(({ variants }) => !variants.some(({ hash }) => known.has(hash)));
    if (forgotten.length > 0) await chain.send(forgotten.map(({ variants }) => variants.at(-1)!.raw));
  }

  async function sent(open: Family[]): Promise<void> {
    const firsts = open.map(({ first }) => first);
    const left = await actsOf(storage, firsts, ["saved"]);
    await mover.move(left.map((act) => ({ act, state: "sent", first: act.transaction! })));
  }

  async function offerMore(open: Family[]): Promise<void> {
    const now = performance.now();
    const { number } = chain.head();
    for (const { first } of open) if (!waiting.has(first)) waiting.set(first, { since: now, block: number });
    for (const first of waiting.keys()) if (!open.some((family) => family.first === first)) waiting.delete(first);
    const stuck = open.filter(({ first }) => {
      const { since, block } = waiting.get(first)!;
      return now - since >= stuckAfter && number - block >= BLOCKS_WAITED;
    });
    if (stuck.length === 0) return;
    const dear = stuck.filter(({ variants }) => variants.length >= VARIANTS);
    if (dear.length > 0)
      alarms.raise(
        "stuck",
        "A transaction stays in no block although more was offered three times. It is sent on as it is.",
        {
          nonces: dear.map(({ nonce }) => nonce),
        },
      );
    const again = stuck.filter(({ variants }) => variants.length < VARIANTS);
    if (again.length === 0) return;
    const fees = await chain.fees();
    const signed = again.map(({ first, nonce, variants }) => {
      const { raw, gas } = variants.at(-1)!;
      return { first, nonce, gas, ...signAgain(relayerKey, raw, fees) };
    });
    await at("storing");
    await storage.keepBooks((tx) => keep(tx, relayer, signed));
    await at("stored");
    for (const { first } of again) waiting.delete(first);
    log.warn({ nonces: again.map(({ nonce }) => nonce) }, "A transaction waits too long; offering more for it.");
    await chain.send(signed.map(({ raw }) => raw));
    await at("sent");
  }

  async function giveBack(families: Family[]): Promise<void> {
    const firsts = families.map(({ first }) => first);
    const carried = await actsOf(storage, firsts, ["saved", "sent"]);
    await mover.move(
      carried.map((act) => ({ act, state: "saved", first: null })),
      (tx) => tx.update(ledgerTransaction).set({ state: "void" }).where(inArray(ledgerTransaction.first, firsts)),
    );
    for (const first of firsts) looks.delete(first);
  }

  async function reconcile(): Promise<void> {
    const foreign = (await openFamilies(storage)).filter(({ account }) => account !== relayer);
    if (foreign.length > 0) await giveBack(foreign);
  }
}
