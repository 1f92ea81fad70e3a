import { eq } from "drizzle-orm";
import { actorOf } from "../../lib/audit/actor.ts";
import type { Staff } from "../../lib/auth/person.ts";
import * as tables from "../storage/schema.ts";
import type { Reader, Storage } from "../storage/storage.ts";

/** What everyone may know of the clinic: patients call it when nothing else helps. */
export async function clinicOf(read: Reader): Promise<{ name: string; phone: string | null } | null> {
  const { name, phone, id } = tables.clinic;
  const [found] = await read.select({ name, phone }).from(tables.clinic).where(eq(id, 1));
  return found ?? null;
}

export async function clinicName(read: Reader): Promise<string | null> {
  return (await clinicOf(read))?.name ?? null;
}

export async function setPhone(storage: Storage, staff: Staff, phone: string | null): Promise<Record<string, never>> {
  return storage.transact(async (tx, finish) => {
    await tx.update(tables.clinic).set({ phone }).where(eq(tables.clinic.id, 1));
    return finish({ actor: actorOf(staff), action: "clinic.phone-changed" }, {});
  });
}
