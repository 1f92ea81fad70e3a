import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { Refusal } from "../../lib/refusal.ts";
import { openCopies } from "./copies.ts";
import { openFileStore } from "./file-store.ts";
import { PIECE } from "./pieces.ts";
import { blob, blobCopy } from "./schema.ts";
import { unhurried } from "./seeded.fixture.ts";
import { closeDatabase, hashOf, openDatabase, Shelf, someBytes, VISIT } from "./shelf.fixture.ts";

let shelf: Shelf;
afterEach(() => shelf.close());
beforeAll(openDatabase, 60_000);
afterAll(closeDatabase);

const soon = { timeout: unhurried(5_000), interval: 20 };

describe("a store", () => {
  test("that was emptied is noticed by its mark and filled again, without waiting for a reader or a day", async () => {
    shelf = await Shelf.open(2, { lookEvery: 86_400_000 });
    const hashes = await Promise.all([1, 2, 3].map(() => shelf.keep(someBytes(2_000))));
    await shelf.settled();
    await rm(join(shelf.folder, "store-1"), { recursive: true, maxRetries: 20 });
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

  test("that moved, as with a backup that is restored elsewhere, is known by its mark and keeps what it has", async () => {
    shelf = await Shelf.open(1, { lookEvery: 86_400_000 });
    const [kept, gone] = [await shelf.keep(someBytes(2_000)), await shelf.keep(someBytes(2_000))];
    await shelf.settled();
    await shelf.blobs.close();
    const folder = join(shelf.folder, "moved");
    await rm(await shelf.pathIn(1, gone)); // the backup is older than that
    await rename(join(shelf.folder, "store-1"), folder);
    await shelf.restart([openFileStore({ is: "file", name: "file:moved", folder })]);
    expect(shelf.blobs.standing()).toBe("ok");
    expect(await shelf.read(kept)).toHaveLength(2_000);
    await vi.waitFor(
      async () => expect(await shelf.lines("store.damaged")).toEqual([{ store: "file:moved", fault: "missing" }]),
      soon,
    );
    expect(await shelf.copies((await shelf.row(kept)).key)).toMatchObject([{ store: "file:moved", state: "kept" }]);
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
