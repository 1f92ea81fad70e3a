import { and, asc, desc, eq, gte, ne, sql } from "drizzle-orm";
import { type SigningKey, Transaction } from "ethers";
import { ledgerTransaction } from "../storage/schema.ts";
import type { Storage, Writer } from "../storage/storage.ts";
import type { Fees } from "./chain.ts";
import { signEip1559 } from "./eip1559.ts";

type Stored = typeof ledgerTransaction.$inferSelect;

/** A nonce of ours and every transaction that was signed for it, oldest first. Any of them may be mined, and one at most. */
export interface Family {
  first: string;
  account: string;
  nonce: number;
  variants: Stored[];
}

/** What a transaction says. `to` is null for creating a contract. */
export interface Body {
  to: string | null;
  data: string;
  gas: number;
}

export interface Signed {
  hash: string;
  raw: string;
}

export function sign(key: SigningKey, { to, data, gas }: Body, nonce: number, chainId: string, fees: Fees): Signed {
  return signEip1559(key, { chainId, nonce, to, data, gas, highestFee: fees.highest, tip: fees.tip });
}

/** The same again for more: a quarter at least, since nodes take no replacement that offers hardly more. */
export function signAgain(key: SigningKey, raw: string, now: Fees): Signed {
  const was = Transaction.from(raw);
  const more = (fee: bigint | null, today: bigint) => {
    const raised = ((fee ?? 0n) * 5n) / 4n + 1n;
    return raised > today ? raised : today;
  };
  const tip = more(was.maxPriorityFeePerGas, now.tip);
  const highest = more(was.maxFeePerGas, now.highest);
  const body = { to: was.to, data: was.data, gas: Number(was.gasLimit) };
  return sign(key, body, was.nonce, String(was.chainId), { tip, highest: highest > tip ? highest : tip });
}

/** Keeps what was just signed. `first` is that of the family it joins, null for a new one. */
export async function keep(
  tx: Writer,
  account: string,
  signed: (Signed & { nonce: number; gas: number; first: string | null })[],
): Promise<void> {
  const signedAt = new Date();
  await tx.insert(ledgerTransaction).values(
    signed.map(({ hash, raw, nonce, gas, first }) => ({
      ...{ hash, raw, nonce, gas, account, signedAt },
      ...{ first: first ?? hash, state: "open" as const },
    })),
  );
}

/** What is not known to be in a block, in order. */
export async function openFamilies(storage: Storage): Promise<Family[]> {
  const rows = await storage.read
    .select()
    .from(ledgerTransaction)
    .where(eq(ledgerTransaction.state, "open"))
    .orderBy(
      asc(ledgerTransaction.nonce),
      asc(ledgerTransaction.signedAt),
      asc(sql`${ledgerTransaction.hash} <> ${ledgerTransaction.first}`),
    );
  return [...Map.groupBy(rows, ({ first }) => first).values()].map((variants) => {
    const { first, account, nonce } = variants[0]!;
    return { first, account, nonce, variants };
  });
}

/** The nonce after the last one stored. */
export async function nextNonce(storage: Storage, account: string): Promise<number> {
  const [last] = await storage.read
    .select({ nonce: ledgerTransaction.nonce })
    .from(ledgerTransaction)
    .where(and(eq(ledgerTransaction.account, account), ne(ledgerTransaction.state, "void")))
    .orderBy(desc(ledgerTransaction.nonce))
    .limit(1);
  return last ? last.nonce + 1 : 0;
}

/** The first nonces from this one on that none of our transactions has. */
export async function freeNonces(storage: Storage, account: string, from: number, many: number): Promise<number[]> {
  const rows = await storage.read
    .select({ nonce: ledgerTransaction.nonce })
    .from(ledgerTransaction)
    .where(
      and(
        eq(ledgerTransaction.account, account),
        ne(ledgerTransaction.state, "void"),
        gte(ledgerTransaction.nonce, from),
      ),
    );
  const taken = new Set(rows.map(({ nonce }) => nonce));
  const free: number[] = [];
  for (let nonce = from; free.length < many; nonce++) if (!taken.has(nonce)) free.push(nonce);
  return free;
}
