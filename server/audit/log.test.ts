import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openCheckpoint, originOf, type TreeHead } from "../../lib/audit/checkpoint.ts";
import { birthLeaf, leafOf } from "../../lib/audit/log.ts";
import { isConsistent, isIncluded, leafHash, openTree } from "../../lib/audit/merkle.ts";
import { isSigned, readKeyText, readNote } from "../../lib/audit/note.ts";
import { tilePath, widthIn } from "../../lib/audit/tiles.ts";
import { openHouse } from "../ledger/ledger.fixture.ts";
import { entry } from "../storage/schema.ts";
import { behindItsBack, cutTo, type LogHouse, openLogHouse } from "./log.fixture.ts";
import { openLog } from "./log.ts";

let there: LogHouse;
beforeEach(async () => {
  there = await openLogHouse();
}, 60_000);
afterEach(() => there.close());

/** The log's tree as a stranger makes it, of what the trail has. */
async function derived() {
  const rows = await there.storage.read.select({ hash: entry.hash }).from(entry).orderBy(entry.number);
  return openTree([birthLeaf(there.ledger.about), ...rows.map(({ hash }) => leafOf(hash))].map(leafHash));
}

const lastNote = () => openCheckpoint(there.log.signed()!.note, there.ledger.about, there.ledger.logKey);

test("what is signed is the RFC 9162 tree over the contract’s birth and every line, by the key the contract knows and the log’s own", async () => {
  expect(there.log.signed()).toBeNull();
  await there.happens(3);
  await there.log.seal();
  const tree = await derived();
  expect(lastNote()).toMatchObject({ size: 4, root: tree.root() });
  expect(there.log.key.startsWith(`${originOf(there.ledger.about)}+`)).toBe(true);
  expect(isSigned(readNote(there.log.signed()!.note), readKeyText(there.log.key))).toBe(true);
});

test("nothing new is nothing to sign", async () => {
  await there.happens(1);
  await there.log.seal();
  const first = there.log.signed();
  await there.log.seal();
  expect(there.log.signed()).toBe(first);
});

test("the log goes on where it was after a start, and proves that each checkpoint begins with each before", async () => {
  const heads: TreeHead[] = [];
  for (const times of [1, 254, 1, 1, 300, 7]) {
    await there.happens(times);
    await there.log.seal();
    heads.push(lastNote());
    await there.reopen();
    expect(there.log.standing().halt).toBeNull();
  }
  const last = heads.at(-1)!;
  for (const head of heads) expect(isConsistent(head, last, (await there.log.consistency(head.size))!)).toBe(true);
  const tree = await derived();
  const numbers = [0, 1, 255, 256, 511, last.size - 1];
  const { proofs } = (await there.log.under(numbers, 1))!;
  for (const [i, index] of numbers.entries()) {
    const rows = await there.storage.read.select().from(entry).where(eq(entry.number, index));
    const leaf = index === 0 ? birthLeaf(there.ledger.about) : leafOf(rows[0]!.hash);
    expect(isIncluded(leafHash(leaf), index, last, proofs[i]!)).toBe(true);
  }
  expect(tree.root(last.size)).toBe(last.root);
});

test("tiles and bundles are those of the tree that was signed, and no wider", async () => {
  await there.happens(600);
  await there.log.seal();
  await there.happens(5);
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
    const hashes = (await there.log.tile(tile))!;
    expect(hashes, tilePath(tile)).toHaveLength(tile.width);
    if (level === 0) expect((await there.log.leaves(tile))!.map(leafHash)).toEqual(hashes);
    expect(await there.log.tile({ ...tile, width: tile.width + 1 })).toBeNull();
  }
  expect((await there.log.tile({ level: 1, index: 0, width: 2 }))![1]).toBe(
    openTree((await there.log.tile({ level: 0, index: 1, width: 256 }))!).root(),
  );
  expect(tree.size).toBe(606);
});

test("the contract anchors what was signed, and again when there is more", async () => {
  await there.close();
  const house = await openHouse();
  there = await openLogHouse(house);
  await there.happens(20);
  await there.log.seal();
  await there.log.anchor();
  await house.ledger.whenIdle();
  expect(await there.ledger.lastAnchored()).toEqual({ size: 21, root: lastNote().root });
  await there.happens(300);
  await there.log.seal();
  await there.log.anchor();
  await house.ledger.whenIdle();
  expect(await there.ledger.lastAnchored()).toEqual({ size: 321, root: lastNote().root });
  await there.log.anchor();
  expect(there.log.standing()).toMatchObject({ anchored: 321, halt: null });
}, 60_000);

test("what happens is signed and anchored by the clock, with nobody asking", async () => {
  const { storage, ledger, folder } = there;
  const quiet = () => undefined;
  const says = { info: quiet, warn: quiet, error: quiet };
  const secret = `0x${"05".repeat(32)}`;
  const log = await openLog({ storage, ledger, folder, secret, now: () => new Date(), log: says, every: 20 });
  await there.happens(3);
  await vi.waitFor(() => expect(log.standing()).toMatchObject({ size: 4, halt: null }), { timeout: 10_000 });
  await vi.waitFor(async () => expect((await ledger.lastAnchored()).size).toBe(4), { timeout: 10_000 });
  await log.close();
});

test("T-LOG1 a line that was changed before it was signed is not signed, and is named", async () => {
  await there.happens(9);
  await there.log.seal();
  const before = there.log.signed();
  await there.happens(9);
  await behindItsBack(there.storage, (tx) =>
    tx.update(entry).set({ action: "store.lost" }).where(eq(entry.number, 14)),
  );
  await there.log.seal();
  expect(there.log.standing().halt).toEqual({ is: "changed", line: 14 });
  expect(there.log.signed()).toBe(before);
  expect(there.alarms).toHaveLength(1);
});

test("T-LOG2, U2 a database that was put back is noticed at the start by the log’s own journal, and nothing more is signed", async () => {
  await there.happens(9);
  await there.log.seal();
  await there.reopen(() => cutTo(there.storage, 4));
  expect(there.log.standing().halt).toEqual({ is: "shorter", known: "journal", size: 10, has: 5 });
  await there.happens(20);
  await there.log.seal();
  expect(there.log.signed()).toBeNull();
});

test("a trail that grew again after it was cut is no longer what was signed", async () => {
  await there.happens(9);
  await there.log.seal();
  await there.reopen(async () => {
    await cutTo(there.storage, 4);
    await there.happens(20);
  });
  expect(there.log.standing().halt).toEqual({ is: "other", known: "journal", size: 10 });
});

test("without its journal the log is still held to what the contract keeps", async () => {
  await there.happens(9);
  await there.log.seal();
  await there.log.anchor();
  await there.reopen(async () => {
    await cutTo(there.storage, 4);
    await rm(join(there.folder, "log"), { recursive: true });
  });
  expect(there.log.standing().halt).toEqual({ is: "shorter", known: "ledger", size: 10, has: 5 });
});

test("a journal that is none stops the log", async () => {
  await there.happens(2);
  await there.log.seal();
  const path = join(there.folder, "log", "signed");
  await there.reopen(async () => writeFile(path, (await readFile(path, "utf8")).replace("\n3\n", "\n4\n")));
  expect(there.log.standing().halt).toEqual({ is: "unreadable" });
});

test("a line that was changed after it was signed fits no tile that is above it", async () => {
  await there.happens(300);
  await there.log.seal();
  const hash = `0x${"1".repeat(64)}`;
  await there.reopen(() =>
    behindItsBack(there.storage, (tx) => tx.update(entry).set({ hash }).where(eq(entry.number, 280))),
  );
  expect(there.log.standing().halt).toEqual({ is: "other", known: "database", size: 301 });
});
