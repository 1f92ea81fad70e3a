import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Entry } from "../../lib/audit/entry.ts";
import { entryHash, GENESIS } from "../../lib/audit/log.ts";
import { FolderInUse } from "./lock.ts";
import { percentile, rounds, seeded, unhurried } from "./seeded.fixture.ts";
import { openStorage } from "./storage.ts";
import { startVictim, type Victim } from "./victim.fixture.ts";

const script = join(import.meta.dirname, "dies.fixture.ts");
// Twenty, since the forty of the ledger kill this database too.
const ROUNDS = rounds(20);
/** How long, in milliseconds, the database may take to come back. */
const READY = 5_000;

interface Found {
  found: { line: Entry; changed: string | null }[];
  changes: number;
}

let folder: string;
let victim: Victim | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "assent-crash-"));
});
afterEach(async () => {
  victim?.kill();
  await victim?.gone;
  await rm(folder, { recursive: true, force: true });
});

test(
  `R1 the database killed ${ROUNDS} times under eight writers loses, doubles and tears nothing`,
  async () => {
    const chance = seeded("database, killed");
    const data = join(folder, "data");
    const acknowledged = new Set<string>();
    const kept = new Set<string>();
    let owed: string[] = [];
    const ready: number[] = [];
    let last = { number: 0, hash: GENESIS };

    const start = () =>
      startVictim(script, [data, String(last.number)], (message) => {
        if ("acknowledged" in message) acknowledged.add(message.acknowledged as string);
        if ("found" in message) owed = [...acknowledged]; // before its own writers begin
      });
    /** What it finds when it comes back must be everything it had acknowledged, line by line. */
    async function holds({ found, changes }: Found): Promise<void> {
      for (const { line, changed } of found) {
        expect(line.number).toBe(last.number + 1);
        expect(line.previous).toBe(last.hash);
        expect(entryHash(line)).toBe(line.hash);
        expect(changed).toBe(line.object); // the change and its line, or neither
        expect(kept.has(line.object!)).toBe(false);
        kept.add(line.object!);
        last = line;
      }
      expect(changes).toBe(kept.size);
      expect(owed.filter((id) => !kept.has(id))).toEqual([]);
    }

    for (let round = 0; round <= ROUNDS; round++) {
      victim = start();
      // One in five is killed while it comes back, and then again under its writers.
      if (round > 0 && round < ROUNDS && chance.next() < 0.2) {
        await pause(chance.between(0, percentile(ready, 0.5)));
        victim.kill();
        await victim.gone;
        victim = start();
      }
      const back = await victim.hears<Found>("found");
      if (round > 0) ready.push(victim.age()); // the first made the database
      await holds(back);
      if (round < ROUNDS) await pause(chance.between(0, 400));
      victim.kill();
      expect(await victim.gone).toBe("SIGKILL");
    }
    const p95 = Math.round(percentile(ready, 0.95));
    console.log(`${acknowledged.size} acknowledged in ${ROUNDS} rounds, ready again p95 ${p95} ms`);
    expect(acknowledged.size).toBeGreaterThan(ROUNDS);
    expect(p95).toBeLessThan(unhurried(READY));
  },
  ROUNDS * 15_000,
);

test("a database whose making was cut short ten times is made at the next start, with nothing half-made beside it", async () => {
  const chance = seeded("database, making cut short");
  const data = join(folder, "data");
  victim = startVictim(script, [data, "0"]);
  await victim.hears<Found>("found");
  const whole = victim.age();
  let halfMade = 0;
  for (let round = 0; round < 10; round++) {
    victim.kill();
    await victim.gone;
    if (existsSync(join(data, "database")))
      await rm(data, { recursive: true }); // it was done: from the beginning
    else if (existsSync(join(data, "database.new"))) halfMade += 1;
    victim = startVictim(script, [data, "0"]);
    await pause(chance.between(0, whole));
  }
  victim.kill();
  await victim.gone;
  victim = startVictim(script, [data, "0"]);
  expect(await victim.hears<Found>("found")).toBeTruthy();
  const there = (await readdir(data)).filter((name) => !/^lock\.[0-9a-f]{16}$/.test(name)); // a dead one's lock that never was
  expect(there.sort()).toEqual(["database", "lock"]);
  console.log(`${halfMade} of 10 left a half-made database behind`);
  expect(halfMade).toBeGreaterThan(0);
}, 300_000);

test("a half-made database that looks like a whole one is thrown away and made again", async () => {
  const data = join(folder, "data");
  await mkdir(join(data, "database.new"), { recursive: true });
  await writeFile(join(data, "database.new", "PG_VERSION"), "18\n"); // what says that there is a database
  await (await openStorage(data, join(import.meta.dirname, "migrations"))).close();
  expect(existsSync(join(data, "database.new"))).toBe(false);
}, 60_000);

test("of two processes on one folder, the second waits in vain while the first lives, and goes in once it is dead", async () => {
  const data = join(folder, "data");
  const migrations = join(import.meta.dirname, "migrations");
  victim = startVictim(script, [data, "0"]);
  await victim.hears<Found>("found");
  for (let tries = 0; tries < 20; tries++) await expect(openStorage(data, migrations)).rejects.toThrow(FolderInUse);
  await victim.hears("acknowledged"); // it never noticed
  victim.kill();
  await victim.gone;
  await (await openStorage(data, migrations)).close();
}, 60_000);
