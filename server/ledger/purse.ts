import { and, eq, gte, sql } from "drizzle-orm";
import { ledgerTransaction } from "../storage/schema.ts";
import type { Storage } from "../storage/storage.ts";
import type { Alarms } from "./alarms.ts";
import type { Chain, Fees } from "./chain.ts";

/** What may be spent on a network. */
interface Purse {
  /** Whether today's gas is used up: then only what closes access is sent, until tomorrow (UTC). */
  isSpent(): Promise<boolean>;
  /** How many of these transactions the balance covers, from the first. */
  covers(transactions: { gas: number }[], fees: Fees): Promise<number>;
  /** Warns while there is still time. */
  look(): Promise<void>;
}

/** Gas of a full batch, about. */
const BATCH_GAS = 1_000_000n;
/** A balance below this many batches is low. */
const BATCHES_LEFT = 200n;

export function openPurse(options: { chain: Chain; storage: Storage; alarms: Alarms; dailyGas: number | null }): Purse {
  const { chain, storage, alarms, dailyGas } = options;
  return {
    isSpent: async () => {
      if (dailyGas === null) return false;
      const today = new Date(new Date().setUTCHours(0, 0, 0, 0));
      const [used] = await storage.read
        .select({ gas: sql<number>`coalesce(sum(${ledgerTransaction.gas}), 0)::float8` })
        .from(ledgerTransaction)
        .where(and(eq(ledgerTransaction.hash, ledgerTransaction.first), gte(ledgerTransaction.signedAt, today)));
      const spent = used!.gas >= dailyGas;
      if (!spent) alarms.over("daily-gas");
      return spent;
    },
    covers: async (transactions, fees) => {
      const balance = await chain.balance();
      if (balance === null) return transactions.length;
      warn(balance, fees);
      let left = balance;
      let covered = 0;
      for (const { gas } of transactions) {
        left -= BigInt(gas) * fees.highest;
        if (left < 0n) break;
        covered++;
      }
      if (covered > 0 || transactions.length === 0) alarms.over("no-funds");
      else
        alarms.raise(
          "no-funds",
          "The relayer's account cannot pay for the next transaction. Everything waits until it is funded.",
        );
      return covered;
    },
    look: async () => {
      const balance = await chain.balance();
      if (balance !== null) warn(balance, await chain.fees());
    },
  };

  function warn(balance: bigint, { highest, tip }: Fees): void {
    const today = (highest - tip) / 2n + tip;
    const batches = balance / (BATCH_GAS * today || 1n);
    if (batches >= BATCHES_LEFT) alarms.over("low-balance");
    else
      alarms.raise("low-balance", "The relayer's account runs low. Fund it before it is empty.", {
        batchesLeft: Number(batches),
      });
  }
}
