import { and, count, desc, eq, inArray, max } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { StaffKey } from "../../lib/auth/people-api.ts";
import * as tables from "../storage/schema.ts";
import type { Reader } from "../storage/storage.ts";

const { clinicianKey, act, record } = tables;
const enroller = alias(tables.user, "enroller");

/** Everybody's keys or one person's, the newest first, each with what became of it. */
export async function keysOf(read: Reader, userId?: string): Promise<Map<string, StaffKey[]>> {
  const rows = await read
    .select({ key: clinicianKey, enrolledBy: enroller.name })
    .from(clinicianKey)
    .leftJoin(enroller, eq(enroller.id, clinicianKey.enrolledBy))
    .where(userId ? eq(clinicianKey.userId, userId) : undefined)
    .orderBy(desc(clinicianKey.askedAt), clinicianKey.signer);
  const signers = rows.map(({ key }) => key.signer);
  if (signers.length === 0) return new Map();
  const acts = await read
    .select({ object: act.object, kind: act.kind, state: act.state })
    .from(act)
    .where(and(inArray(act.object, signers), inArray(act.kind, ["enroll", "remove"])));
  const signed = await read
    .select({ author: record.author, times: count(), last: max(record.createdAt) })
    .from(record)
    .where(inArray(record.author, signers))
    .groupBy(record.author);
  const found = new Map<string, StaffKey[]>();
  for (const { key, enrolledBy } of rows) {
    // The newest first: the last of the person's is the first that they brought.
    const first = rows.findLast(({ key: one }) => one.userId === key.userId);
    const kind = key.removedAt ? "remove" : "enroll";
    const { times = 0, last = null } = signed.find(({ author }) => author === key.signer) ?? {};
    const view: StaffKey = {
      card: { signer: key.signer, recipient: key.recipient, binding: key.binding },
      device: key.device,
      askedAt: key.askedAt.toISOString(),
      enrolledAt: key.enrolledAt?.toISOString() ?? null,
      enrolledBy,
      removedAt: key.removedAt?.toISOString() ?? null,
      person: key.person,
      sameKit: key.person === first?.key.person,
      ledger: acts.find((one) => one.object === key.signer && one.kind === kind)?.state ?? null,
      signed: times,
      lastSignedAt: last?.toISOString() ?? null,
    };
    found.set(key.userId, [...(found.get(key.userId) ?? []), view]);
  }
  return found;
}
