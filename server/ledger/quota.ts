import { count, eq } from "drizzle-orm";
import { Refusal } from "../../lib/refusal.ts";
import { act as acts } from "../storage/schema.ts";
import type { Writer } from "../storage/storage.ts";

/** More than a visit has, and little enough that nobody empties the relayer's account with one. */
const ACTS_A_VISIT = 200;

/** Throws `Refusal("ledger.too-many-acts")`. Not for what closes access: that is never refused. */
export async function assertBelowQuota(tx: Writer, visitId: string): Promise<void> {
  const [had] = await tx.select({ n: count() }).from(acts).where(eq(acts.visitId, visitId));
  if (had!.n >= ACTS_A_VISIT) throw new Refusal("ledger.too-many-acts", { most: ACTS_A_VISIT });
}
