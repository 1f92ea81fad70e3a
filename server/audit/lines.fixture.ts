import type { Entry } from "../../lib/audit/entry.ts";
import { lineOf } from "../../lib/audit/line.fixture.ts";
import { GENESIS } from "../../lib/audit/log.ts";
import { entry, trailHead } from "../storage/schema.ts";
import type { Storage } from "../storage/storage.ts";

/** Many lines at once, numbered and chained as the trail would: for tests of what is made of them. */
export async function written(storage: Storage, parts: readonly Partial<Entry>[]): Promise<void> {
  await storage.keepBooks(async (tx) => {
    const [head] = await tx.select().from(trailHead);
    let number = head?.number ?? 0;
    let previous = head?.hash ?? GENESIS;
    const rows = parts.map((part) => {
      const line = lineOf({ ...part, number: ++number, previous }).entry as Entry;
      previous = line.hash;
      return line;
    });
    for (let i = 0; i < rows.length; i += 1_000) await tx.insert(entry).values(rows.slice(i, i + 1_000));
    const now = { number, hash: previous };
    await tx
      .insert(trailHead)
      .values({ id: 1, ...now })
      .onConflictDoUpdate({ target: trailHead.id, set: now });
  });
}
