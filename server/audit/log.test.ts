import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { eq, sql } from "drizzle-orm";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openCheckpoint, originOf, type TreeHead } from "../../lib/audit/checkpoint.ts";
import { birthLeaf, leafOf } from "../../lib/audit/log.ts";
import { isConsistent, isIncluded, leafHash, openTree } from "../../lib/audit/merkle.ts";
import { isSigned, readKeyText, readNote } from "../../lib/audit/note.ts";
import { tilePath, widthIn } from "../../lib/audit/tiles.ts";
import { type House, openHouse } from "../ledger/ledger.fixture.ts";
import { checkpoint, entry, trailHead } from "../storage/schema.ts";
import { type Log, openLog } from "./log.ts";

const secret = `0x${"05".repeat(32)}`;
let house: House;
let log: Log;
const alarms: object[] = [];

beforeEach(async () => {
  house = await openHouse();
  alarms.length = 0;
  log = await open();
}, 60_000);
afterEach(async () => {
  await log.close();
  await house.close();
  await rm(house.folder, { recursive: true, force: true });
});

function open(): Promise<Log> {
  const { storage, ledger, folder } = house;
  const quiet = () => undefined;
  const says = { info: quiet, warn: quiet, error: (facts: object) => alarms.push(facts) };
  return openLog({ storage, ledger, folder, secret, now: () => new Date(), log: says, every: null });
}

/** So many lines more on the trail. */
async function happens(times: number): Promise<void> {
  await house.storage.transact((_, finish) => {
    const line = { actor: { is: "system", id: "test" }, action: "store.back" } as const;
    return finish([line, ...Array.from({ length: times - 1 }, () => line)], undefined);
  });
}

/** The log's tree as a stranger makes it, of what the trail has. */
async function derived() {
  const rows = await house.storage.read.select({ hash: entry.hash }).from(entry).orderBy(entry.number);
  return openTree([birthLeaf(house.ledger.about), ...rows.map(({ hash }) => leafOf(hash))].map(leafHash));
}

/** As whoever has the database and not the log would: past the trigger. */
async function behindOurBack(change: () => Promise<unknown>): Promise<void> {
  const run = (statement: string) => house.storage.keepBooks((tx) => tx.execute(sql.raw(statement)));
  await run('ALTER TABLE "entry" DISABLE TRIGGER trail_only_grows');
  await change();
  await run('ALTER TABLE "entry" ENABLE TRIGGER trail_only_grows');
}

const lastNote = () => openCheckpoint(log.signed()!.note, house.ledger.about, house.ledger.logKey);

test("what is signed is the RFC 9162 tree over the contract’s birth and every line, by the key the contract knows and the log’s own", async () => {
  expect(log.signed()).toBeNull();
  await happens(3);
  await log.seal();
  const tree = await derived();
  expect(lastNote()).toMatchObject({ size: 4, root: tree.root() });
  expect(log.key.startsWith(`${originOf(house.ledger.about)}+`)).toBe(true);
  expect(isSigned(readNote(log.signed()!.note), readKeyText(log.key))).toBe(true);
});

test("nothing new is nothing to sign", async () => {
  await happens(1);
  await log.seal();
  const first = log.signed();
  await log.seal();
  expect(log.signed()).toBe(first);
});

test("the log goes on where it was after a start, and proves that each checkpoint begins with each before", async () => {
  const heads: TreeHead[] = [];
  for (const times of [1, 254, 1, 1, 300, 7]) {
    await happens(times);
    await log.seal();
    heads.push(lastNote());
    await log.close();
    log = await open();
    expect(log.standing().halt).toBeNull();
  }
  const last = heads.at(-1)!;
  for (const head of heads) expect(isConsistent(head, last, (await log.consistency(head.size))!)).toBe(true);
  const tree = await derived();
  for (const index of [0, 1, 255, 256, 511, last.size - 1]) {
    const rows = await house.storage.read.select().from(entry).where(eq(entry.number, index));
    const leaf = index === 0 ? birthLeaf(house.ledger.about) : leafOf(rows[0]!.hash);
    expect(isIncluded(leafHash(leaf), index, last, (await log.inclusion(index))!)).toBe(true);
  }
  expect(tree.root(last.size)).toBe(last.root);
});

test("tiles and bundles are those of the tree that was signed, and no wider", async () => {
  await happens(600);
  await log.seal();
  await happens(5);
  const tree = await derived();
  const { size } = lastNote();
  expect(size).toBe(601);
  for (const [level, index] of [
    [0, 0],
    [0, 1],
    [0, 2],
    [1, 0],
  ] as const) {
    const tile = { level, index, width: widthIn(size, { level, index }) };
    const hashes = (await log.tile(tile))!;
    expect(hashes, tilePath(tile)).toHaveLength(tile.width);
    if (level === 0) expect((await log.leaves(tile))!.map(leafHash)).toEqual(hashes);
    expect(await log.tile({ ...tile, width: tile.width + 1 })).toBeNull();
  }
  expect((await log.tile({ level: 1, index: 0, width: 2 }))![1]).toBe(
    openTree((await log.tile({ level: 0, index: 1, width: 256 }))!).root(),
  );
  expect(tree.size).toBe(606);
});

test("the contract anchors what was signed, and again when there is more", async () => {
  await happens(20);
  await log.seal();
  await log.anchor();
  await house.ledger.whenIdle();
  expect(await house.ledger.lastAnchored()).toEqual({ size: 21, root: lastNote().root });
  await happens(300);
  await log.seal();
  await log.anchor();
  await house.ledger.whenIdle();
  expect(await house.ledger.lastAnchored()).toEqual({ size: 321, root: lastNote().root });
  await log.anchor();
  expect(log.standing()).toMatchObject({ anchored: 321, halt: null });
});

test("T-LOG1 a line that was changed before it was signed is not signed, and is named", async () => {
  await happens(9);
  await log.seal();
  const before = log.signed();
  await happens(9);
  await behindOurBack(() =>
    house.storage.keepBooks((tx) => tx.update(entry).set({ action: "store.lost" }).where(eq(entry.number, 14))),
  );
  await log.seal();
  expect(log.standing().halt).toEqual({ is: "changed", line: 14 });
  expect(log.signed()).toBe(before);
  expect(alarms).toHaveLength(1);
});

test("T-LOG2, U2 a database that was put back is noticed at the start by the log’s own journal, and nothing more is signed", async () => {
  await happens(9);
  await log.seal();
  await log.close();
  await cutTo(4);
  await house.storage.keepBooks((tx) => tx.delete(checkpoint));
  log = await open();
  expect(log.standing().halt).toEqual({ is: "shorter", known: "journal", size: 10, has: 5 });
  await happens(20);
  await log.seal();
  expect(log.signed()).toBeNull();
});

test("a trail that grew again after it was cut is no longer what was signed", async () => {
  await happens(9);
  await log.seal();
  await log.close();
  await cutTo(4);
  await house.storage.keepBooks((tx) => tx.delete(checkpoint));
  await happens(20);
  log = await open();
  expect(log.standing().halt).toEqual({ is: "other", known: "journal", size: 10 });
});

test("without its journal the log is still held to what the contract keeps", async () => {
  await happens(9);
  await log.seal();
  await log.anchor();
  await house.ledger.whenIdle();
  await log.close();
  await cutTo(4);
  await house.storage.keepBooks((tx) => tx.delete(checkpoint));
  await rm(join(house.folder, "log"), { recursive: true });
  log = await open();
  expect(log.standing().halt).toEqual({ is: "shorter", known: "ledger", size: 10, has: 5 });
});

test("a journal that is none stops the log", async () => {
  await happens(2);
  await log.seal();
  await log.close();
  const path = join(house.folder, "log", "signed");
  await writeFile(path, (await readFile(path, "utf8")).replace("\n3\n", "\n4\n"));
  log = await open();
  expect(log.standing().halt).toEqual({ is: "unreadable" });
});

test("a line that was changed after it was signed fits no tile that is above it", async () => {
  await happens(300);
  await log.seal();
  await log.close();
  const another = `0x${"1".repeat(64)}`;
  await behindOurBack(() =>
    house.storage.keepBooks((tx) => tx.update(entry).set({ hash: another }).where(eq(entry.number, 280))),
  );
  log = await open();
  expect(log.standing().halt).toEqual({ is: "other", known: "database", size: 301 });
});

/** Back to an older state, as a backup has it. */
async function cutTo(number: number): Promise<void> {
  await behindOurBack(() =>
    house.storage.keepBooks(async (tx) => {
      await tx.execute(sql`DELETE FROM "entry" WHERE "number" > ${number}`);
      const [last] = await tx.select({ hash: entry.hash }).from(entry).where(eq(entry.number, number));
      await tx.update(trailHead).set({ number, hash: last!.hash });
    }),
  );
}
