import { desc, eq } from "drizzle-orm";
import { entryHash, GENESIS } from "../../lib/audit/log.ts";
import { randomHex } from "../../lib/keyring/bytes.ts";
import { Refusal } from "../../lib/refusal.ts";
import { isDiskFull } from "./disk-full.ts";
import { entry as entries, trailHead } from "./schema.ts";
import type { NewEntry, Writer } from "./storage.ts";

/**
 * Appends one line: numbered without a gap, chained to the line before. The head's row lock puts writers in order. Throws
 * `Refusal("trail.closed")` where the database takes no line: then nothing of what it tells of may happen, or be read.
 */
export async function appendToTrail(tx: Writer, line: NewEntry, now: Date): Promise<void> {
  try {
    await append(tx, line, now);
  } catch (error) {
    if (isDiskFull(error)) throw error;
    throw Object.assign(new Refusal("trail.closed"), { cause: error });
  }
}

async function append(tx: Writer, line: NewEntry, now: Date): Promise<void> {
  await tx.insert(trailHead).values({ id: 1, number: 0, hash: GENESIS }).onConflictDoNothing();
  const [head] = await tx.select().from(trailHead).where(eq(trailHead.id, 1)).for("update");
  if (!head) throw new Error("The trail has no head.");
  const bare = {
    number: head.number + 1,
    at: now.toISOString(),
    actor: line.actor,
    action: line.action,
    visitId: line.visitId ?? null,
    ofVisit: line.visitId ? (await lastOf(tx, line.visitId)) + 1 : null,
    object: line.object ?? null,
    consent: line.consent ?? null,
    refusal: line.refusal ?? null,
    detail: line.detail ?? {},
    salt: randomHex(16),
    previous: head.hash,
  };
  const hash = entryHash(bare);
  await tx.insert(entries).values({ ...bare, hash, actId: line.actId ?? null });
  await tx.update(trailHead).set({ number: bare.number, hash }).where(eq(trailHead.id, 1));
}

/** How many lines the trail has of a visit. */
async function lastOf(tx: Writer, visitId: string): Promise<number> {
  const [last] = await tx
    .select({ ofVisit: entries.ofVisit })
    .from(entries)
    .where(eq(entries.visitId, visitId))
    .orderBy(desc(entries.number))
    .limit(1);
  return last?.ofVisit ?? 0;
}
