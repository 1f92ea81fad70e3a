import { spawn } from "node:child_process";
import { rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { afterEach, beforeEach, expect, test } from "vitest";
import { root } from "../config.ts";
import { FolderInUse, lockFolder } from "./lock.ts";
import { madeFolder, migrations } from "./made.fixture.ts";
import { entry } from "./schema.ts";
import { openStorage, type Storage } from "./storage.ts";

let folder: string;
beforeEach(async () => {
  folder = await madeFolder("storage");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const line = { actor: { is: "system", id: "test" }, action: "clinic.created" } as const;
const append = (storage: Storage) => storage.transact((_, finish) => finish(line, null));

test("a second process on the same folder is refused with a sentence", async () => {
  const storage = await openStorage(folder, migrations);
  await expect(openStorage(folder, migrations)).rejects.toThrow(FolderInUse);
  await storage.close();
  await (await openStorage(folder, migrations)).close();
});

test("a dead owner's lock is reaped, a torn one too, a live one never", async () => {
  const dead = spawn("true");
  await new Promise((resolve) => dead.once("exit", resolve));
  for (const left of [JSON.stringify({ pid: dead.pid, started: "1" }), '{"pid":', ""]) {
    await writeFile(join(folder, "lock"), left);
    const unlock = await lockFolder(folder);
    await expect(lockFolder(folder)).rejects.toThrow(FolderInUse);
    unlock();
  }
});

test("an owner in another container lives as long as it shows it, though none of our processes has its id", async () => {
  const lock = join(folder, "lock");
  await writeFile(lock, JSON.stringify({ pid: 1, started: "1", among: "another boot pid:[1]" }));
  const shows = setInterval(() => void utimes(lock, new Date(), new Date()), 20);
  await expect(lockFolder(folder)).rejects.toThrow(FolderInUse);
  clearInterval(shows);
  (await lockFolder(folder, 200))();
});

test("a pid that someone else got since is not the owner", async () => {
  await writeFile(join(folder, "lock"), JSON.stringify({ pid: process.pid, started: "1" }));
  (await lockFolder(folder))();
});

test("of many that reap the same dead lock at once, one wins", async () => {
  await writeFile(join(folder, "lock"), '{"pid":');
  const script = join(folder, "take.mjs");
  await writeFile(
    script,
    `const { lockFolder } = await import(${JSON.stringify(join(root, "server/storage/lock.ts"))}); try { await lockFolder(${JSON.stringify(folder)}); console.log("mine"); process.stdin.resume(); } catch (e) { console.log("refused"); process.exit(0); }`,
  );
  const takers = Array.from({ length: 6 }, () =>
    spawn(process.execPath, [script], { stdio: ["pipe", "pipe", "ignore"] }),
  );
  const said = await Promise.all(
    takers.map(
      (taker) =>
        new Promise<string>((resolve) => taker.stdout.once("data", (text: Buffer) => resolve(text.toString().trim()))),
    ),
  );
  for (const taker of takers) taker.kill("SIGKILL");
  expect(said.filter((word) => word === "mine")).toHaveLength(1);
});

const rewritings = [sql`UPDATE entry SET hash = 'x'`, sql`DELETE FROM entry`, sql`TRUNCATE entry`];

test("the server has no right to rewrite the trail, or what the log signed of it", async () => {
  const storage = await openStorage(folder, migrations);
  await append(storage);
  const others = [
    sql`ALTER TABLE entry DISABLE TRIGGER ALL`,
    sql`DROP TABLE entry`,
    sql`UPDATE checkpoint SET root = 'x'`,
    sql`DELETE FROM checkpoint`,
    sql`UPDATE log_subtree SET root = 'x'`,
  ];
  for (const change of [...rewritings, ...others])
    await expect(storage.keepBooks((tx) => tx.execute(change))).rejects.toMatchObject({
      cause: { message: expect.stringMatching(/^(permission denied for|must be owner of) table/) },
    });
  await storage.close();
});

test("whoever has every right is refused as well to rewrite the trail, to shorten or to empty it", async () => {
  const storage = await openStorage(folder, migrations);
  await append(storage);
  await storage.keepBooks((tx) => tx.execute(sql`RESET ROLE`));
  for (const change of rewritings)
    await expect(storage.keepBooks((tx) => tx.execute(change))).rejects.toMatchObject({
      cause: { message: "The trail only grows." },
    });
  await storage.close();
});

test("lines written at once are numbered without a gap", async () => {
  const storage = await openStorage(folder, migrations);
  await Promise.all(Array.from({ length: 50 }, () => append(storage)));
  const numbers = (await storage.read.select({ number: entry.number }).from(entry).orderBy(entry.number)).map(
    (row) => row.number,
  );
  await storage.close();
  expect(numbers).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
});

test("work that fails leaves neither its change nor its line", async () => {
  const storage = await openStorage(folder, migrations);
  const failing = storage.transact(async (_, finish) => {
    await finish(line, null);
    throw new Error("after the line");
  });
  await expect(failing).rejects.toThrow("after the line");
  expect(await storage.read.$count(entry)).toBe(0);
  await storage.close();
});

test("the line after work that failed follows the last that was kept, of its visit as well", async () => {
  const storage = await openStorage(folder, migrations);
  const ofVisit = { ...line, visitId: "a visit" };
  const happens = () => storage.transact((_, finish) => finish([ofVisit, line], null));
  await happens();
  const failing = storage.transact(async (_, finish) => {
    await finish([ofVisit, ofVisit], null);
    throw new Error("after the lines");
  });
  await Promise.all([expect(failing).rejects.toThrow("after the lines"), happens(), happens()]);
  const lines = await storage.read.select().from(entry).orderBy(entry.number);
  await storage.close();
  expect(lines.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(lines.map(({ ofVisit }) => ofVisit)).toEqual([1, null, 2, null, 3, null]);
  expect(lines.slice(1).map(({ previous }) => previous)).toEqual(lines.slice(0, -1).map(({ hash }) => hash));
});
