import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fsckFolder } from "../audit/fsck-command.ts";
import { WrongSetting } from "../wrong-setting.ts";
import { seedFolder } from "./seed.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "assent-seed-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const says: string[] = [];
const loud = (facts: object, text: string) => says.push(`${text} ${JSON.stringify(facts)}`);
const log = { info: () => undefined, warn: loud, error: loud };
const until = Date.parse("2026-03-31");
const seeded = (name: string, seed: number) =>
  seedFolder({ folder: join(folder, name), lines: 1_000, seed, until, log });

test("the same seed makes the same log, and every line of it holds on its ledger", async () => {
  const made = await seeded("one", 7);
  expect(made.lines).toBe(1_000);
  expect(made.visits).toBeGreaterThan(5);
  expect(made.acts).toBeGreaterThan(20);
  const odd: number[] = [];
  const doubted = (line: number) => odd.push(line);
  expect(await fsckFolder({ dataDir: join(folder, "one"), network: null }, log, { doubted })).toEqual([]);
  expect(odd).toEqual([]);
  expect((await seeded("again", 7)).root).toBe(made.root);
  expect(says).toEqual([]);
}, 180_000);

test("a folder that has anything in it is left as it is", async () => {
  await writeFile(join(folder, "mine"), "mine");
  const asked = { folder, lines: 1_000, seed: 7, until, log };
  await expect(seedFolder(asked)).rejects.toThrow(WrongSetting);
});
