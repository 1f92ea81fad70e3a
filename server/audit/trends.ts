import { and, count, eq, gte, isNotNull, lt, sql, sum } from "drizzle-orm";
import type { Cost, Trends, Waits } from "../../lib/audit/trends.ts";
import { highestFeeIn } from "../ledger/eip1559.ts";
import { act, ledgerTransaction, visit } from "../storage/schema.ts";
import type { Reader } from "../storage/storage.ts";

/** Between two instants, the second not among them. */
export type Span = readonly [from: Date, to: Date];

/** Of each day between these instants. `local` is our own ledger, where gas costs nothing. */
export async function trendsOf(read: Reader, days: readonly Date[], local: boolean): Promise<Trends> {
  const spans = days.slice(1).map((to, i): Span => [days[i]!, to]);
  const waits: Waits[] = [];
  const cost: Cost[] = [];
  for (const span of spans) {
    waits.push(await waitsIn(read, span));
    cost.push(await costIn(read, span, local));
  }
  return { waits, cost };
}

export async function waitsIn(read: Reader, [from, to]: Span): Promise<Waits> {
  const waited = sql`greatest(0, extract(epoch FROM ${visit.admittedAt} - ${visit.waitingSince}) * 1000)`;
  const [row] = await read
    .select({ people: count(), ...percentiles(waited) })
    .from(visit)
    .where(and(gte(visit.admittedAt, from), lt(visit.admittedAt, to), isNotNull(visit.waitingSince)));
  return { people: row?.people ?? 0, median: row?.median ?? null, ninth: row?.ninth ?? null };
}

const round = (value: unknown) => (value === null ? null : Math.round(Number(value)));
/** Half are less than the one, nine of ten less than the other. */
export const percentiles = (of: ReturnType<typeof sql>) => ({
  median: sql<number | null>`percentile_cont(0.5) WITHIN GROUP (ORDER BY ${of})`.mapWith(round),
  ninth: sql<number | null>`percentile_cont(0.9) WITHIN GROUP (ORDER BY ${of})`.mapWith(round),
});

export async function costIn(read: Reader, [from, to]: Span, local: boolean): Promise<Cost> {
  const acts = await read.$count(act, and(gte(act.ledgerAt, from), lt(act.ledgerAt, to)));
  const mined = and(
    eq(ledgerTransaction.state, "mined"),
    isNotNull(ledgerTransaction.block),
    gte(ledgerTransaction.signedAt, from),
    lt(ledgerTransaction.signedAt, to),
  );
  const [used] = await read
    .select({ transactions: count(), gas: sum(ledgerTransaction.gas).mapWith(Number) })
    .from(ledgerTransaction)
    .where(mined);
  const { transactions = 0, gas = 0 } = used ?? {};
  if (local) return { acts, transactions, gas: gas ?? 0, wei: null };
  // The fee is among the first fields; a batch's data is long.
  const paid = await read
    .select({ gas: ledgerTransaction.gas, head: sql<string>`substring(${ledgerTransaction.raw} for 400)` })
    .from(ledgerTransaction)
    .where(mined);
  const wei = paid.reduce((all, { gas, head }) => all + BigInt(gas) * highestFeeIn(head), 0n);
  return { acts, transactions, gas: gas ?? 0, wei: String(wei) };
}
