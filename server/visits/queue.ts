import { and, desc, eq, isNotNull } from "drizzle-orm";
import { actorOf } from "../../lib/audit/actor.ts";
import type { Staff } from "../../lib/auth/person.ts";
import * as tables from "../storage/schema.ts";
import type { Reader, Storage } from "../storage/storage.ts";
import type { Whole } from "../storage/whole.ts";

/** Nobody believes a minute. */
const STEP = 5;

export type Queue = ReturnType<typeof openQueue>;

/** How long a doctor says that a visit takes, for those who wait. */
export function openQueue({ storage, moved }: { storage: Storage; moved: (visitId: string, doctor: string) => void }) {
  async function minutesOf(read: Reader, clinicianId: string): Promise<number | null> {
    const [row] = await read.select().from(tables.queue).where(eq(tables.queue.clinicianId, clinicianId));
    return row?.minutes ?? null;
  }

  async function set(staff: Staff, minutes: number | null) {
    const waiting = await storage.transact(async (tx, finish) => {
      if (minutes === null) await tx.delete(tables.queue).where(eq(tables.queue.clinicianId, staff.id));
      else {
        await tx
          .insert(tables.queue)
          .values({ clinicianId: staff.id, minutes })
          .onConflictDoUpdate({ target: tables.queue.clinicianId, set: { minutes } });
      }
      const rows = await tx
        .select({ id: tables.visit.id })
        .from(tables.visit)
        .where(and(eq(tables.visit.clinicianId, staff.id), eq(tables.visit.state, "waiting")));
      return finish(
        { actor: actorOf(staff), action: "queue.estimated", detail: minutes === null ? {} : { minutes } },
        rows,
      );
    });
    for (const { id } of waiting) moved(id, staff.id);
    return {};
  }

  return { set, read: async (staff: Staff) => ({ minutes: await minutesOf(storage.read, staff.id) }) };
}

/**
 * Minutes until it is this patient's turn, in steps of five; null where the doctor says nothing of it. What is left of the
 * visit that runs counts, and a whole one for everybody before.
 */
export async function waitOf(read: Reader, w: Whole, ahead: number, now: Date): Promise<number | null> {
  if (w.visit.state !== "waiting") return null;
  const of = eq(tables.queue.clinicianId, w.visit.clinicianId);
  const [row] = await read.select().from(tables.queue).where(of);
  if (!row) return null;
  const [running] = await read
    .select({ since: tables.visit.admittedAt })
    .from(tables.visit)
    .where(
      and(
        eq(tables.visit.clinicianId, w.visit.clinicianId),
        eq(tables.visit.state, "in-call"),
        isNotNull(tables.visit.admittedAt),
      ),
    )
    .orderBy(desc(tables.visit.admittedAt))
    .limit(1);
  const passed = running?.since ? (now.getTime() - running.since.getTime()) / 60_000 : row.minutes;
  const left = Math.max(0, row.minutes - passed);
  return Math.ceil((left + ahead * row.minutes) / STEP) * STEP;
}
