/**
 * `dies.fixture.ts FOLDER AFTER`: opens the database, tells what is in it behind line AFTER of the trail, then eight
 * writers each make one change after the other, every change with its line, and tell each that was acknowledged.
 */
import { asc, eq, gt } from "drizzle-orm";
import { migrations } from "./made.fixture.ts";
import { entry, verification } from "./schema.ts";
import { openStorage } from "./storage.ts";

const WRITERS = 8;
const [folder = "", after = "0"] = process.argv.slice(2);
process.on("disconnect", () => process.exit());

const storage = await openStorage(folder, migrations);
const found = await storage.read
  .select({ line: entry, changed: verification.id })
  .from(entry)
  .leftJoin(verification, eq(verification.id, entry.object))
  .where(gt(entry.number, Number(after)))
  .orderBy(asc(entry.number));
process.send?.({ found, changes: await storage.read.$count(verification) });

const now = new Date();
await Promise.all(
  Array.from({ length: WRITERS }, async (_, writer) => {
    for (let n = 0; ; n++) {
      const id = `${process.pid}-${writer}-${n}`;
      await storage.transact(async (tx, finish) => {
        const dates = { expiresAt: now, createdAt: now, updatedAt: now };
        await tx.insert(verification).values({ id, identifier: id, value: "x".repeat(200), ...dates });
        return finish({ actor: { is: "system", id: "test" }, action: "clinic.created", object: id }, null);
      });
      process.send?.({ acknowledged: id });
    }
  }),
);
