import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { madeFolder, migrations } from "./made.fixture.ts";
import { openPGlite } from "./pglite.ts";
import { openStorage } from "./storage.ts";

let folder: string;
beforeEach(async () => {
  folder = await madeFolder("statistics");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const line = { actor: { is: "system", id: "test" }, action: "clinic.created" } as const;

/** What the planner takes the trail for; -1 where it never counted. */
async function countedLines(): Promise<number> {
  const database = await openPGlite(join(folder, "database"));
  const { rows } = await database.query<{ lines: number }>(
    "SELECT reltuples::int AS lines FROM pg_class WHERE relname = 'entry'",
  );
  await database.close();
  return rows[0]!.lines;
}

async function written(lines: number): Promise<void> {
  const storage = await openStorage(folder, migrations);
  await storage.transact((_, finish) => finish([line, ...Array.from({ length: lines - 1 }, () => line)], null));
  await storage.close();
}

test("a log is counted once it is long, while it grows and at the next start", async () => {
  await written(600);
  expect(await countedLines()).toBe(-1);
  await written(600);
  expect(await countedLines()).toBe(1_200);
  await written(300);
  // As it was when it was opened.
  expect(await countedLines()).toBe(1_200);
  await written(2_000);
  expect(await countedLines()).toBe(3_500);
});
