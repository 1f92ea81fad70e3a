import { and, desc, eq, sql } from "drizzle-orm";
import { Kind, kinds } from "../../lib/consent/grant.ts";
import { Refusal } from "../../lib/refusal.ts";
import { act as acts } from "../storage/schema.ts";
import type { Storage, Writer } from "../storage/storage.ts";
import type { LedgerCall } from "./act.ts";

/** An act that the contract refuses, by the name of its error. */
export interface ParkedAct {
  id: string;
  kind: LedgerCall["is"];
  /** Of a record: its kind by name; null where it has none, which the contract may well have refused it for. */
  recordKind: Kind | null;
  /** The consent's, record's or key's identity. */
  object: string;
  visitId: string | null;
  reason: string;
  since: Date;
}

const columns = {
  ...{ id: acts.id, kind: acts.kind, object: acts.object, visitId: acts.visitId },
  ...{ reason: acts.reason, since: acts.movedAt, number: sql<number | null>`(${acts.call}->'entry'->>'kind')::int` },
};
type Row = Omit<ParkedAct, "reason" | "recordKind"> & { reason: string | null; number: number | null };
const told = ({ number, ...row }: Row): ParkedAct => ({
  ...row,
  recordKind: Kind.options.find((kind) => kinds[kind] === number) ?? null,
  reason: row.reason ?? "Reverted",
});

export async function parkedActs(storage: Storage, most: number): Promise<ParkedAct[]> {
  const rows = await storage.read
    .select(columns)
    .from(acts)
    .where(eq(acts.state, "parked"))
    .orderBy(desc(acts.order))
    .limit(most);
  return rows.map(told);
}

/** From `parked` back to `saved`. Throws `Refusal("act.not-parked")`. */
export async function retryAct(tx: Writer, id: string): Promise<ParkedAct> {
  const [row] = await tx
    .select(columns)
    .from(acts)
    .where(and(eq(acts.id, id), eq(acts.state, "parked")))
    .for("update");
  if (!row) throw new Refusal("act.not-parked");
  await tx
    .update(acts)
    .set({ state: "saved", reason: null, transaction: null, block: null, blockHash: null, movedAt: new Date() })
    .where(eq(acts.id, id));
  return told(row);
}
