import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openChain } from "../../lib/audit/chain.ts";
import { type House, openHouse } from "../ledger/ledger.fixture.ts";
import { checkpoint, entry, logSubtree } from "../storage/schema.ts";
import { type Chance, seeded } from "../storage/seeded.fixture.ts";
import { fsck } from "./fsck.ts";
import { behindItsBack, cutTo, type LogHouse, openLogHouse } from "./log.fixture.ts";

const LINES = 2_000;
const EDITS = 1_000;

let house: House;
let there: LogHouse;
beforeAll(async () => {
  house = await openHouse();
  there = await openLogHouse(house);
  for (let i = 0; i < LINES / 20; i++) {
    await there.happens(20);
    await there.log.seal();
  }
  await there.log.anchor();
  await house.ledger.whenIdle();
}, 120_000);
afterAll(() => there.close());

function found() {
  const { storage, ledger } = house;
  const chain = openChain((method, params) => ledger.rpc(method, params), ledger.about);
  return fsck({ storage, ledger: ledger.about, logKey: ledger.logKey, chain, now: () => new Date() });
}

/** Does it, looks, and puts the database back as it was. */
async function after(change: Parameters<typeof behindItsBack>[1]) {
  const { storage } = there;
  const before = {
    lines: await storage.read.select().from(entry),
    subtrees: await storage.read.select().from(logSubtree),
    checkpoints: await storage.read.select().from(checkpoint),
  };
  await behindItsBack(storage, change);
  const findings = await found();
  await behindItsBack(storage, async (tx) => {
    for (const [table, rows] of [
      [entry, before.lines],
      [logSubtree, before.subtrees],
      [checkpoint, before.checkpoints],
    ] as const) {
      await tx.delete(table);
      for (let i = 0; i < rows.length; i += 500) await tx.insert(table).values(rows.slice(i, i + 500) as never);
    }
  });
  return findings;
}

/** So many different numbers from 1 to `most`. */
function some(chance: Chance, count: number, most: number): number[] {
  const numbers = Array.from({ length: most }, (_, i) => i + 1);
  for (let i = 0; i < count; i++) {
    const at = i + Math.floor(chance.next() * (most - i));
    [numbers[i], numbers[at]] = [numbers[at]!, numbers[i]!];
  }
  return numbers.slice(0, count).sort((a, b) => a - b);
}

/** The same text with one letter or digit another. */
function edited(text: string, chance: Chance): string {
  const places = [...text].flatMap((letter, i) => (/[0-9a-f]/.test(letter) ? [i] : []));
  const at = chance.oneOf(places);
  return `${text.slice(0, at)}${text[at] === "1" ? "2" : "1"}${text.slice(at + 1)}`;
}

test("a log that nobody touched holds", async () => {
  expect(await found()).toEqual([]);
});

test(`T-LOG1 of ${EDITS} random rows with one byte changed by whoever owns the database, each is named and no other`, async () => {
  const chance = seeded("log, edited rows");
  const rows = some(chance, EDITS, LINES);
  const findings = await after(async (tx) => {
    for (const number of rows) {
      const [row] = await tx.select().from(entry).where(eq(entry.number, number));
      const column = chance.oneOf(["at", "object", "salt", "previous", "hash", "actor", "detail"] as const);
      const value =
        column === "actor"
          ? { is: "system", id: edited("test", chance) }
          : column === "detail"
            ? { times: 21 }
            : edited(row![column]!, chance);
      await tx
        .update(entry)
        .set({ [column]: value })
        .where(eq(entry.number, number));
    }
  });
  expect(findings.flatMap((one) => (one.is === "line" ? [one.line] : []))).toEqual(rows);
}, 120_000);

test("T-LOG7 of 500 hashes that the log keeps with one bit turned, each is named and no other", async () => {
  const chance = seeded("log, turned bits");
  const subtrees = await there.storage.read.select().from(logSubtree);
  const sizes = some(chance, 60, LINES / 20).map((nth) => nth * 20 + 1);
  const rows = some(chance, 500 - subtrees.length - sizes.length, LINES);
  const turned = (hash: string) => {
    const at = 2 + Math.floor(chance.next() * 64);
    const digit = Number.parseInt(hash[at]!, 16) ^ (1 << Math.floor(chance.next() * 4));
    return `${hash.slice(0, at)}${digit.toString(16)}${hash.slice(at + 1)}`;
  };
  const inLines = await after(async (tx) => {
    for (const number of rows) {
      const [row] = await tx.select().from(entry).where(eq(entry.number, number));
      await tx
        .update(entry)
        .set({ hash: turned(row!.hash) })
        .where(eq(entry.number, number));
    }
  });
  expect(inLines.flatMap((one) => (one.is === "line" ? [one.line] : []))).toEqual(rows);
  const inTree = await after(async (tx) => {
    for (const { level, index, root } of subtrees)
      await tx.execute(
        sql`UPDATE "log_subtree" SET "root" = ${turned(root)} WHERE "level" = ${level} AND "index" = ${index}`,
      );
    for (const size of sizes) {
      const [row] = await tx.select().from(checkpoint).where(eq(checkpoint.size, size));
      const change =
        chance.next() < 0.5 ? { root: turned(row!.root) } : { note: row!.note.replace(String(size), String(size + 1)) };
      await tx.update(checkpoint).set(change).where(eq(checkpoint.size, size));
    }
  });
  expect(inTree.flatMap((one) => (one.is === "checkpoint" ? [one.size] : []))).toEqual(sizes);
  expect(inTree.filter((one) => one.is === "subtree")).toHaveLength(subtrees.length);
}, 120_000);

test("a line taken out, put in twice or exchanged with its neighbour is named", async () => {
  const gap = await after((tx) => tx.delete(entry).where(eq(entry.number, 700)));
  expect(gap.filter(({ is }) => is === "line")).toEqual([{ is: "line", line: 701, differs: ["gap"] }]);
  const swapped = await after(async (tx) => {
    for (const [from, to] of [
      [900, -1],
      [901, 900],
      [-1, 901],
    ] as const)
      await tx.update(entry).set({ number: to }).where(eq(entry.number, from));
  });
  expect(swapped.flatMap((one) => (one.is === "line" ? [one.line] : []))).toEqual(expect.arrayContaining([900, 901]));
}, 60_000);

test("T-LOG2 a tail that was cut off at a hundred sizes is missed each time, and nothing is signed over it", async () => {
  const chance = seeded("log, cut tails");
  for (const number of some(chance, 100, LINES - 1).reverse()) {
    await there.reopen(() => cutTo(there.storage, number));
    expect(there.log.standing().halt).toEqual({ is: "shorter", known: "journal", size: LINES + 1, has: number + 1 });
    const before = there.log.signed()?.size;
    await there.log.seal();
    expect(there.log.signed()?.size).toBe(before);
  }
  expect(await found()).toContainEqual({ is: "cut", lines: expect.any(Number) });
}, 120_000);
