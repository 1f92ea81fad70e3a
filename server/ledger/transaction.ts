import { asc, desc, eq, isNull } from "drizzle-orm";
import { type SigningKey, Transaction } from "ethers";
import { ledgerTransaction } from "../storage/schema.ts";
import type { Storage } from "../storage/storage.ts";

/** A stored transaction, in a block or not. */
export type Open = typeof ledgerTransaction.$inferSelect;

/** Far above what blocks of the embedded ledger ask, in wei a gas. */
const HIGHEST_FEE = 10n ** 13n;

/** A transaction that is ready to be stored and sent. `to` is null for creating a contract. */
export function sign(
  key: SigningKey,
  { to, data, gas }: { to: string | null; data: string; gas: number },
  nonce: number,
  chainId: string,
): { hash: string; raw: string } {
  const transaction = Transaction.from({
    type: 2,
    chainId: BigInt(chainId),
    nonce,
    to,
    data,
    gasLimit: gas,
    maxFeePerGas: HIGHEST_FEE,
    maxPriorityFeePerGas: 0,
  });
  transaction.signature = key.sign(transaction.unsignedHash);
  return { hash: transaction.hash!, raw: transaction.serialized };
}

/** Stored transactions that are not known to be in a block, in order. */
export function openTransactions(storage: Storage): Promise<Open[]> {
  return storage.read
    .select()
    .from(ledgerTransaction)
    .where(isNull(ledgerTransaction.block))
    .orderBy(asc(ledgerTransaction.nonce));
}

/** The nonce after the last one stored. */
export async function nextNonce(storage: Storage, account: string): Promise<number> {
  const [last] = await storage.read
    .select({ nonce: ledgerTransaction.nonce })
    .from(ledgerTransaction)
    .where(eq(ledgerTransaction.account, account))
    .orderBy(desc(ledgerTransaction.nonce))
    .limit(1);
  return last ? last.nonce + 1 : 0;
}
