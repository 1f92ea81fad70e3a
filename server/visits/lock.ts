import { eq } from "drizzle-orm";
import * as tables from "../storage/schema.ts";
import type { Writer } from "../storage/storage.ts";

/** Puts decisions about one visit in order. */
export async function lock(tx: Writer, visitId: string): Promise<void> {
  await tx.select({ id: tables.visit.id }).from(tables.visit).where(eq(tables.visit.id, visitId)).for("update");
}
