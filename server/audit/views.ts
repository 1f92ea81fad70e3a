import { randomUUID } from "node:crypto";
import { and, asc, eq } from "drizzle-orm";
import type * as z from "zod/mini";
import type { saveView, View } from "../../lib/audit/views.ts";
import type { Staff } from "../../lib/auth/person.ts";
import { Refusal } from "../../lib/refusal.ts";
import { auditView } from "../storage/schema.ts";
import type { Reader, Storage } from "../storage/storage.ts";

const MOST = 50;

/** Each admin's own names for filters of the console. */
export function openViews({ storage, now }: { storage: Storage; now: () => Date }) {
  const mine = async (read: Reader, { id }: Staff): Promise<{ views: View[] }> => ({
    views: await read
      .select({ id: auditView.id, name: auditView.name, filters: auditView.filters })
      .from(auditView)
      .where(eq(auditView.userId, id))
      .orderBy(asc(auditView.savedAt), asc(auditView.id)),
  });
  const one = (staff: Staff, id: string) => and(eq(auditView.id, id), eq(auditView.userId, staff.id));
  return {
    list: (staff: Staff) => mine(storage.read, staff),
    save: (staff: Staff, { name, filters }: z.infer<typeof saveView.ask>) =>
      storage.keepBooks(async (tx) => {
        if ((await mine(tx, staff)).views.length >= MOST) throw new Refusal("view.too-many");
        await tx.insert(auditView).values({ id: randomUUID(), userId: staff.id, name, filters, savedAt: now() });
        return mine(tx, staff);
      }),
    rename: (staff: Staff, id: string, name: string) =>
      storage.keepBooks(async (tx) => {
        const done = await tx.update(auditView).set({ name }).where(one(staff, id)).returning({ id: auditView.id });
        if (done.length === 0) throw new Refusal("view.not-found");
        return mine(tx, staff);
      }),
    remove: (staff: Staff, id: string) =>
      storage.keepBooks(async (tx) => {
        const done = await tx.delete(auditView).where(one(staff, id)).returning({ id: auditView.id });
        if (done.length === 0) throw new Refusal("view.not-found");
        return mine(tx, staff);
      }),
  };
}
