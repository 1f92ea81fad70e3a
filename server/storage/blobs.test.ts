import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { openCopies } from "./copies.ts";
import { PIECE } from "./pieces.ts";
import { blob, blobCopy } from "./schema.ts";
import { unhurried } from "./seeded.fixture.ts";
import { closeDatabase, hashOf, openDatabase, Shelf, someBytes } from "./shelf.fixture.ts";

let shelf: Shelf;
afterEach(() => shelf.close());
beforeAll(openDatabase, 60_000);
afterAll(closeDatabase);

const soon = { timeout: unhurried(5_000), interval: 20 };

describe("a file that is kept", () => {
  test("is whole in every store, under its hash, and read again in each", async () => {
    shelf = await Shelf.open(3);
    const bytes = someBytes(PIECE + 5);
    const hash = await shelf.keep(bytes);
    await shelf.settled();
    for (const store of [1, 2, 3]) expect(await shelf.isWholeIn(store, hash)).toBe(true);
    expect(await shelf.pathIn(1, hash)).toContain(hash.slice(2));
    expect(await shelf.read(hash)).toEqual(bytes);
    expect(await readdir(join(shelf.folder, "uploads"))).toEqual([]);
  });

  test("needs two of three: one that is away stops nobody, and gets it once it is back", async () => {
    shelf = await Shelf.open(3);
    shelf.stores[0]!.trouble = "away";
    const hash = await shelf.keep(someBytes(2_000));
    await vi.waitFor(() => expect(shelf.blobs.standing()).toBe("degraded"), soon);
    expect(await shelf.isWholeIn(1, hash)).toBe(false);
    shelf.stores[0]!.trouble = null;
    await shelf.settled();
    expect(await shelf.isWholeIn(1, hash)).toBe(true);
    const [, lost] = await Promise.all([shelf.blobs.figures(), shelf.lines("store.lost")]);
    expect(lost).toEqual([{ store: shelf.stores[0]!.name, why: "away" }]);
    await vi.waitFor(async () => expect(await shelf.lines("store.repaired")).toHaveLength(1), soon);
  });

  test("needs two of three: with one it is refused, and the same upload is finished once there are two", async () => {
    shelf = await Shelf.open(3);
    const bytes = someBytes(2_000);
    const id = await shelf.begin(bytes);
    shelf.stores[0]!.trouble = "away";
    shelf.stores[1]!.trouble = "away";
    await expect(shelf.finish(id, hashOf(bytes))).rejects.toMatchObject({ code: "storage.away" });
    await vi.waitFor(() => expect(shelf.blobs.standing()).toBe("away"), soon);
    await expect(shelf.begin(bytes)).rejects.toMatchObject({ code: "storage.away" });
    shelf.stores[0]!.trouble = null;
    await vi.waitFor(() => expect(shelf.blobs.standing()).toBe("degraded"), soon);
    await shelf.finish(id, hashOf(bytes));
    expect(await shelf.read(hashOf(bytes))).toEqual(bytes);
  });

  test("says that the disks are full where they are", async () => {
    shelf = await Shelf.open(3);
    const bytes = someBytes(2_000);
    const id = await shelf.begin(bytes);
    for (const store of [0, 1]) shelf.stores[store]!.trouble = "full";
    await expect(shelf.finish(id, hashOf(bytes))).rejects.toMatchObject({ code: "storage.full" });
    await vi.waitFor(() => expect(shelf.blobs.standing()).toBe("full"), soon);
    for (const store of [0, 1]) shelf.stores[store]!.trouble = null;
    await vi.waitFor(() => expect(shelf.blobs.standing()).toBe("ok"), soon);
  });

  test("of two stores, the one that is left goes on alone, and the other is told what it missed", async () => {
    shelf = await Shelf.open(2);
    shelf.stores[1]!.trouble = "away";
    const hash = await shelf.keep(someBytes(2_000));
    expect(await shelf.isWholeIn(1, hash)).toBe(true);
    shelf.stores[1]!.trouble = null;
    await shelf.settled();
    expect(await shelf.isWholeIn(2, hash)).toBe(true);
    for (const store of [0, 1]) shelf.stores[store]!.trouble = "away";
    await expect(shelf.keep(someBytes(2_000))).rejects.toMatchObject({ code: "storage.away" });
  });

  test("does not wait for a store that hangs, and neither does who reads", async () => {
    shelf = await Shelf.open(3, { pace: { patience: 60_000 } });
    const before = await shelf.keep(someBytes(2_000));
    shelf.stores[2]!.trouble = "hangs";
    const hash = await shelf.keep(someBytes(2_000));
    expect(await shelf.isWholeIn(2, hash)).toBe(true);
    expect(await shelf.read(before)).toHaveLength(2_000);
  });

  test("that one store takes longer with is no trouble that the trail has to tell", async () => {
    shelf = await Shelf.open(3);
    const { put } = shelf.stores[2]!;
    let goOn = () => {};
    const slow = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    shelf.stores[2]!.put = (...how) => slow.then(() => put(...how));
    const hash = await shelf.keep(someBytes(2_000));
    goOn();
    await shelf.settled();
    expect(await shelf.isWholeIn(3, hash)).toBe(true);
    await vi.waitFor(async () => expect(await shelf.lines("store.repaired")).toEqual([]), soon);
  });

  test("asked for twice while the stores take their time is stored once, and both are told", async () => {
    shelf = await Shelf.open(2);
    const bytes = someBytes(2_000);
    const id = await shelf.begin(bytes);
    await Promise.all([shelf.finish(id, hashOf(bytes)), shelf.finish(id, hashOf(bytes))]);
    expect(await shelf.storage.read.$count(blob)).toBe(1);
  });

  test("is not kept when its bytes are not what was said", async () => {
    shelf = await Shelf.open(2);
    const id = await shelf.begin(someBytes(2_000));
    await expect(shelf.finish(id, hashOf(someBytes(1)))).rejects.toMatchObject({ code: "blob.mismatch" });
    expect(await shelf.storage.read.$count(blobCopy)).toBe(0);
  });
});

describe("a wrong byte", () => {
  test("is served to nobody: the next store goes on where the first one was wrong", async () => {
    shelf = await Shelf.open(3, { lookEvery: 86_400_000 });
    const bytes = someBytes(3 * PIECE);
    const hash = await shelf.keep(bytes);
    await shelf.settled();
    await shelf.flip(1, hash, 5);
    await shelf.flip(2, hash, PIECE + 5);
    await shelf.flip(3, hash, 2 * PIECE + 5);
    expect(await shelf.read(hash)).toEqual(bytes);
  });

  test("and two copies with different faults are mended from each other, to the last bit", async () => {
    shelf = await Shelf.open(2, { lookEvery: 86_400_000 });
    const bytes = someBytes(2 * PIECE);
    const hash = await shelf.keep(bytes);
    await shelf.settled();
    await shelf.flip(1, hash, 5);
    await shelf.flip(2, hash, PIECE + 5);
    expect(await shelf.read(hash)).toEqual(bytes);
    await vi.waitFor(async () => {
      for (const store of [1, 2]) expect(await shelf.isWholeIn(store, hash)).toBe(true);
    }, soon);
  });

  test("in every copy at the same place breaks the answer before it, and a small file is not begun at all", async () => {
    shelf = await Shelf.open(2, { lookEvery: 86_400_000 });
    const large = someBytes(3 * PIECE);
    const [long, short] = [await shelf.keep(large), await shelf.keep(someBytes(500))];
    await shelf.settled();
    for (const store of [1, 2]) {
      await shelf.flip(store, long, 2 * PIECE);
      await shelf.flip(store, short, 77);
    }
    await expect(shelf.read(short)).rejects.toMatchObject({ code: "blob.not-found" });
    const got: Uint8Array[] = [];
    const { stream } = await shelf.blobs.read(await shelf.row(long));
    await expect(
      (async () => {
        for await (const piece of stream) got.push(piece);
      })(),
    ).rejects.toThrow("No store");
    expect(Buffer.concat(got)).toEqual(large.subarray(0, 2 * PIECE));
  });

  test("that nobody reads is found by the look at all files, mended, and told", async () => {
    shelf = await Shelf.open(3, { lookEvery: 200 });
    const hash = await shelf.keep(someBytes(2_000));
    await shelf.settled();
    await shelf.flip(2, hash, 7);
    await vi.waitFor(async () => expect(await shelf.lines("store.damaged")).toHaveLength(1), soon);
    await vi.waitFor(async () => expect(await shelf.isWholeIn(2, hash)).toBe(true), soon);
    await vi.waitFor(async () => expect(await shelf.lines("store.repaired")).toHaveLength(1), soon);
    expect(await shelf.lines("store.damaged")).toEqual([{ store: shelf.stores[1]!.name, fault: "damaged" }]);
  });
});

test("figures say of each store what it has, what it owes and what was mended, and how many files are lost", async () => {
  shelf = await Shelf.open(2, { lookEvery: 86_400_000 });
  const [kept, lost] = [await shelf.keep(someBytes(2_000)), await shelf.keep(someBytes(100))];
  await shelf.settled();
  for (const store of [1, 2]) await shelf.flip(store, lost);
  await expect(shelf.read(lost)).rejects.toMatchObject({ code: "blob.not-found" });
  expect(await shelf.read(kept)).toHaveLength(2_000);
  const copies = openCopies({ storage: shelf.storage, now: () => new Date() });
  await vi.waitFor(async () => {
    const figures = await copies.figures(shelf.stores.map(({ name }) => name));
    expect(figures.lost).toBe(1);
    expect(figures.stores).toMatchObject([
      { name: shelf.stores[0]!.name, state: "up", files: 1, bytes: 2_000, owed: 1, missing: 0, damaged: 1, unread: 0 },
      { name: shelf.stores[1]!.name, files: 1, owed: 1, damaged: 1 },
    ]);
  }, soon);
});

test("a hung read is given up, and the next store is asked", async () => {
  shelf = await Shelf.open(2, { lookEvery: 86_400_000, pace: { patience: 300 } });
  const hash = await shelf.keep(someBytes(PIECE + 1));
  await shelf.settled();
  shelf.stores[0]!.trouble = "hangs";
  expect(await shelf.read(hash)).toHaveLength(PIECE + 1);
});
