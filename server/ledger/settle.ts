import { and, eq, inArray, isNull, lt, ne, or } from "drizzle-orm";
import { act as acts, ledgerTransaction } from "../storage/schema.ts";
import type { Storage, Writer } from "../storage/storage.ts";
import type { Receipt } from "./chain.ts";
import { findOnLedger, resultOf } from "./evidence.ts";
import { type Act, actsOf, bearsOn, type Move, type Mover } from "./moves.ts";
import type { Party } from "./plan.ts";
import type { AtPoint } from "./points.ts";
import type { Family } from "./transaction.ts";

interface Settling {
  /** Moves the acts of what is in a block by now, and resolves to what is in none. */
  settle(open: Family[]): Promise<Family[]>;
  /** Parks an act, unless this very act is on the ledger already, whoever sent it. */
  refuse(act: Act, reason: string): Promise<Move>;
  /** Whether a transaction with this act failed although it was tried before: the next carries no other. */
  hasFailed(act: Act): boolean;
}

interface Mined {
  family: Family;
  receipt: Receipt;
}

/** What a mined transaction, `raw`, did to an act it carried. */
interface Result {
  act: Act;
  raw: string;
  result: ReturnType<typeof resultOf>;
}

export function openSettling(options: Party & { storage: Storage; mover: Mover; at: AtPoint }): Settling {
  const { chain, domain, storage, mover, at } = options;
  const failed = new Set<string>();

  async function settle(open: Family[]): Promise<Family[]> {
    const hashes = open.flatMap(({ variants }) => variants.map(({ hash }) => hash));
    const receipts = new Map((await chain.receipts(hashes)).map((receipt, i) => [hashes[i]!, receipt]));
    const mined = open.flatMap((family) => {
      const receipt = family.variants.map(({ hash }) => receipts.get(hash)).find((one) => one);
      return receipt ? [{ family, receipt }] : [];
    });
    if (mined.length > 0) {
      await at("received");
      await moveAll(mined);
      await at("moved");
    }
    const done = new Set(mined.map(({ family }) => family));
    return open.filter((family) => !done.has(family));
  }

  /** All that went well at once. What was refused comes after what was before it, since that may be the reason. */
  async function moveAll(mined: Mined[]): Promise<void> {
    const names = mined.map(({ family }) => family.first);
    const carried = Map.groupBy(await actsOf(storage, names, ["saved", "sent"]), ({ transaction }) => transaction!);
    let well: { mined: Mined[]; moves: Move[] } = { mined: [], moves: [] };
    const moveWell = async () => {
      const { mined, moves } = well;
      well = { mined: [], moves: [] };
      if (mined.length > 0) await mover.move(moves, (tx) => keepMined(tx, mined));
    };
    for (const one of mined) {
      const results = resultsOf(one, carried.get(one.family.first) ?? []);
      const moves = results.flatMap(({ act, result }): Move[] =>
        "refused" in result ? [] : [{ act, state: "ledger", place: result }],
      );
      if (moves.length === results.length) {
        well.mined.push(one);
        well.moves.push(...moves);
        continue;
      }
      await moveWell();
      await mover.move(await movesOf(one.family.first, results), (tx) => keepMined(tx, [one]));
    }
    await moveWell();
  }

  function resultsOf({ family, receipt }: Mined, acts: Act[]): Result[] {
    const { raw } = family.variants.find(({ hash }) => hash === receipt.transactionHash)!;
    return acts.map((act) => ({ act, raw, result: resultOf(act, receipt, raw, domain.address) }));
  }

  async function movesOf(first: string, results: Result[]): Promise<Move[]> {
    const moves: Move[] = [];
    for (const { act, raw, result } of results) {
      if (!("refused" in result)) moves.push({ act, state: "ledger", place: result });
      else if (failed.has(act.id)) {
        const move = await refused(act, result.refused, raw, first);
        const again = move.state === "parked" && (await cameTooEarly(act));
        moves.push(again ? { act, state: "saved", first: null } : move);
      } else {
        // It may have fallen with another, or be there by somebody else's hand where a node lags: it is tried by itself.
        failed.add(act.id);
        const place = await findOnLedger(act, raw, options);
        moves.push(place ? { act, state: "ledger", place } : { act, state: "saved", first: null });
      }
    }
    return moves;
  }

  async function refused(act: Act, reason: string, raw: string | null, first: string | null): Promise<Move> {
    const place = reason === "Malformed" ? null : await findOnLedger(act, raw, options);
    if (place) return { act, state: "ledger", place };
    const { number: block, hash: blockHash } = chain.head();
    const seenAt = chain.local || first !== null || reason === "Malformed" ? null : { block, blockHash };
    return { act, state: "parked", reason, first, seenAt };
  }

  /** Whether something decided before it, on which it may rest, is still under way: then a refusal is about the order only. */
  async function cameTooEarly(act: Act): Promise<boolean> {
    const others = or(isNull(acts.transaction), ne(acts.transaction, act.transaction!));
    const before = and(lt(acts.order, act.order), inArray(acts.state, ["saved", "sent"]), others);
    return (await storage.read.$count(acts, and(before, bearsOn(act.call)))) > 0;
  }

  return { settle, refuse: (act, reason) => refused(act, reason, null, null), hasFailed: ({ id }) => failed.has(id) };
}

async function keepMined(tx: Writer, mined: Mined[]): Promise<void> {
  for (const { family, receipt } of mined) {
    await tx.update(ledgerTransaction).set({ state: "mined" }).where(eq(ledgerTransaction.first, family.first));
    const { transactionHash: hash, blockNumber: block, blockHash, gasUsed: gas } = receipt;
    await tx.update(ledgerTransaction).set({ block, blockHash, gas }).where(eq(ledgerTransaction.hash, hash));
  }
}
