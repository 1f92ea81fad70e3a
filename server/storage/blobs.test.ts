import { existsSync } from "node:fs";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { Refusal } from "../../lib/refusal.ts";
import { openCopies } from "./copies.ts";
import { openFileStore } from "./file-store.ts";
import { PIECE } from "./pieces.ts";
import { blob, blobCopy } from "./schema.ts";
import { closeDatabase, hashOf, openDatabase, Shelf, someBytes, VISIT } from "./shelf.fixture.ts";

let shelf: Shelf;
afterEach(() => shelf.close());
beforeAll(openDatabase, 60_000);
afterAll(closeDatabase);

const soon = { timeout: 10_000, interval: 20 };

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

describe("a store", () => {
  test("that was emptied is noticed by its mark and filled again, without waiting for a reader or a day", async () => {
    shelf = await Shelf.open(2, { lookEvery: 86_400_000 });
    const hashes = await Promise.all([1, 2, 3].map(() => shelf.keep(someBytes(2_000))));
    await shelf.settled();
    await rm(join(shelf.folder, "store-1"), { recursive: true });
    await vi.waitFor(async () => {
      for (const hash of hashes) expect(await shelf.isWholeIn(1, hash)).toBe(true);
    }, soon);
    expect(await shelf.lines("store.damaged")).toHaveLength(1); // one line, however many files
  });

  test("that joins later gets every file, and one that was left out for a while what it missed", async () => {
    shelf = await Shelf.open(3);
    const [first, ...rest] = shelf.stores;
    await shelf.restart([first!]);
    const hash = await shelf.keep(someBytes(2_000));
    expect(await shelf.isWholeIn(2, hash)).toBe(false);
    await shelf.restart([first!, ...rest]);
    await shelf.settled();
    for (const store of [2, 3]) expect(await shelf.isWholeIn(store, hash)).toBe(true);
  });

  test("of another installation is neither written to nor swept", async () => {
    shelf = await Shelf.open(2);
    const folder = join(shelf.folder, "theirs");
    const key = `${"ab".repeat(32)}-12345678`;
    await mkdir(join(folder, "ab"), { recursive: true });
    await writeFile(join(folder, "ab", key), "their patient’s");
    await writeFile(join(folder, "assent-store"), "their mark");
    await shelf.restart([...shelf.stores, openFileStore({ is: "file", name: "file:theirs", folder })]);
    await shelf.keep(someBytes(2_000));
    await vi.waitFor(
      async () => expect(await shelf.lines("store.lost")).toEqual([{ store: "file:theirs", why: "foreign" }]),
      soon,
    );
    expect((await readdir(folder, { recursive: true })).sort()).toEqual(["ab", `ab/${key}`, "assent-store"]);
  });

  test("goes on with its look at all files after a restart, and begins it not again", async () => {
    shelf = await Shelf.open(1, { lookEvery: 86_400_000 });
    for (let i = 0; i < 5; i++) await shelf.keep(someBytes(PIECE));
    await shelf.settled();
    const before = shelf.stores[0]!.read;
    await shelf.restart();
    await shelf.keep(someBytes(10));
    await shelf.settled();
    expect(shelf.stores[0]!.read - before).toBe(10);
  });

  test("is read no faster than it may be", async () => {
    shelf = await Shelf.open(1, { pace: { rate: 4 * PIECE } });
    const began = performance.now();
    await shelf.keep(someBytes(2 * PIECE));
    await shelf.settled();
    expect(performance.now() - began).toBeGreaterThan(490);
  });

  test("with a copy that cannot be read, though it is there itself, has it written anew", async () => {
    shelf = await Shelf.open(2, { lookEvery: 200 });
    const hash = await shelf.keep(someBytes(2_000));
    await shelf.settled();
    const { key } = await shelf.row(hash);
    const [first] = shelf.stores;
    const { open, put } = first!;
    let broken = true;
    first!.open = (asked, ...how) => (broken && asked === key ? Promise.reject(new Error("EIO")) : open(asked, ...how));
    first!.put = (asked, ...how) => {
      if (asked === key) broken = false;
      return put(asked, ...how);
    };
    await vi.waitFor(() => expect(broken).toBe(false), soon);
  });
});

describe("a file that is deleted", () => {
  test("is gone from every store, also from one that was away at the time", async () => {
    shelf = await Shelf.open(3);
    const hash = await shelf.keep(someBytes(2_000));
    await shelf.settled();
    const paths = await Promise.all([1, 2, 3].map((store) => shelf.pathIn(store, hash)));
    shelf.stores[2]!.trouble = "away";
    await shelf.erase(hash);
    await vi.waitFor(() => expect(paths.map((path) => existsSync(path))).toEqual([false, false, true]), soon);
    await shelf.restart();
    shelf.stores[2]!.trouble = null;
    await vi.waitFor(() => expect(existsSync(paths[2]!)).toBe(false), soon);
    await vi.waitFor(async () => expect(await shelf.storage.read.$count(blobCopy)).toBe(0), soon);
  });

  test("takes nobody else's with it: the same bytes, kept again, are other objects", async () => {
    shelf = await Shelf.open(2);
    const bytes = someBytes(2_000);
    const hash = await shelf.keep(bytes);
    const [{ key }, path] = [await shelf.row(hash), await shelf.pathIn(1, hash)];
    await shelf.erase(hash);
    await shelf.keep(bytes);
    await vi.waitFor(() => expect(existsSync(path)).toBe(false), soon);
    expect((await shelf.row(hash)).key).not.toBe(key);
    expect(await shelf.read(hash)).toEqual(bytes);
  });
});

describe("what nobody refers to", () => {
  test("after a refusal goes from the stores, and so does its upload", async () => {
    shelf = await Shelf.open(2);
    const bytes = someBytes(2_000);
    const id = await shelf.begin(bytes);
    const refused = shelf.blobs.finish(id, hashOf(bytes), () => Promise.reject(new Refusal("consent.not-live")));
    await expect(refused).rejects.toMatchObject({ code: "consent.not-live" });
    await vi.waitFor(async () => expect(await shelf.storage.read.$count(blobCopy)).toBe(0), soon);
    for (const store of [1, 2]) {
      const found = await readdir(join(shelf.folder, `store-${store}`), { recursive: true });
      expect(found.filter((name) => name.includes(hashOf(bytes).slice(2)))).toEqual([]);
    }
    expect(await shelf.blobs.find(id)).toBeNull();
  });

  test("is found in a store and goes, but not before the time in which an older backup may be a mistake", async () => {
    shelf = await Shelf.open(1, { pace: { strays: 1_000, sweepEvery: 50 } });
    const key = `${"ab".repeat(32)}-12345678`;
    const path = join(shelf.folder, "store-1/ab", key);
    await mkdir(join(path, ".."), { recursive: true });
    await writeFile(path, "left by a crash");
    const hash = await shelf.keep(someBytes(2_000));
    await vi.waitFor(async () => expect(await shelf.copies(key)).toMatchObject([{ state: "drop" }]), soon);
    expect(existsSync(path)).toBe(true);
    await vi.waitFor(() => expect(existsSync(path)).toBe(false), soon);
    expect(await shelf.isWholeIn(1, hash)).toBe(true);
  });

  test("is never what is just being committed: whichever is first, a row refers to bytes that stay", async () => {
    shelf = await Shelf.open(2);
    const copies = openCopies({ storage: shelf.storage, now: () => new Date() });
    const names = shelf.stores.map(({ name }) => name);
    const then = new Map(names.map((name) => [name, "kept"] as const));
    const row = { visitId: VISIT, size: 1, byPatient: false, storedAt: new Date(), pieces: "" };
    const commit = (key: string) =>
      shelf.storage.keepBooks(async (tx) => {
        await tx.insert(blob).values({ ...row, hash: key, key });
        await copies.commit(tx, key, then);
      });
    await copies.arrive("late", names);
    for (const name of names) await copies.giveUp("late", name);
    await expect(commit("late")).rejects.toThrow("given up");
    expect(await shelf.storage.read.$count(blob)).toBe(0);

    await copies.arrive("in time", names);
    await commit("in time");
    for (const name of names) await copies.giveUp("in time", name);
    expect((await shelf.copies("in time")).map(({ state }) => state)).not.toContain("drop");
    // A row is worth more than a word that it has to go, whoever said it.
    await shelf.storage.keepBooks((tx) =>
      tx.update(blobCopy).set({ state: "drop" }).where(eq(blobCopy.key, "in time")),
    );
    const before = await shelf.copies("in time");
    expect(before).toHaveLength(2);
    await vi.waitFor(
      async () => expect((await shelf.copies("in time")).map(({ state }) => state)).toEqual(["owed", "owed"]),
      soon,
    );
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
