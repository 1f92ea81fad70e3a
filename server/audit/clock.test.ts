import { rm } from "node:fs/promises";
import { asc } from "drizzle-orm";
import { afterEach, beforeEach, expect, test } from "vitest";
import { oddTime } from "../../lib/audit/clock.ts";
import { entryHash, GENESIS } from "../../lib/audit/log.ts";
import { madeFolder, migrations } from "../storage/made.fixture.ts";
import { entry } from "../storage/schema.ts";
import { openStorage } from "../storage/storage.ts";

let folder: string;
beforeEach(async () => {
  folder = await madeFolder("clock");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const DAY = 86_400_000;

test("T-LOG6 whatever the clock does, lines are in the order in which they were written, and each jump back is doubted", async () => {
  const jumps = [0, 1_000, 2_000, -DAY, 3_000, DAY, DAY + 1_000, 4_000, 4_000, -10 * DAY, 5_000];
  let at = 0;
  const storage = await openStorage(folder, migrations, () => new Date(Date.parse("2026-03-29T00:30:00Z") + at));
  for (const [n, jump] of jumps.entries()) {
    at = jump;
    const line = { actor: { is: "system", id: "test" }, action: "store.back", object: String(n) } as const;
    await storage.transact((_, finish) => finish(line, null));
  }
  const lines = await storage.read.select().from(entry).orderBy(asc(entry.number));
  await storage.close();
  expect(lines.map(({ object }) => Number(object))).toEqual(jumps.map((_, n) => n));
  let previous = GENESIS;
  for (const line of lines) {
    expect(line.previous).toBe(previous);
    previous = line.hash;
    expect(entryHash(line)).toBe(line.hash);
  }
  const doubted = lines.flatMap((line, n) => (oddTime(line, lines[n - 1] ?? null, null) ? [n] : []));
  expect(doubted).toEqual([3, 7, 9]);
});
