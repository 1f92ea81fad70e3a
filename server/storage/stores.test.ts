import { execFileSync } from "node:child_process";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { openCopies } from "./copies.ts";
import { leaveFree, smallDisk, unmount } from "./disk.fixture.ts";
import { openFileStore } from "./file-store.ts";
import { openS3Store } from "./s3-store.ts";
import { seeded, unhurried } from "./seeded.fixture.ts";
import { closeDatabase, openDatabase, Shelf, someBytes } from "./shelf.fixture.ts";
import { hasSwift, openSwift, type Swift } from "./swift.fixture.ts";

if (!hasSwift)
  console.log("The third store is a folder too: there is no OpenStack Swift, or we are not root on Linux.");

/** Few in the whole, all of them by night. */
const UPLOADS = Number(process.env.STORE_UPLOADS ?? 36);
/** Milliseconds in which everything has to be whole again. */
const REPAIRED = 30_000;
const disk = await smallDisk(256 * 2 ** 20, "what happens when one store of three is full");

let swift: Swift | undefined;
let shelf: Shelf;
beforeAll(async () => {
  await openDatabase();
  if (hasSwift) swift = await openSwift();
}, 120_000);
afterEach(() => shelf.close());
afterAll(async () => {
  await swift?.close();
  await closeDatabase();
  if (disk) await unmount(disk);
});

test(
  `T-STO1 one store of three killed, one wiped, one with flipped bits during ${UPLOADS} uploads: nothing is lost, no wrong byte is served, all is repaired`,
  async () => {
    const chance = seeded("stores under attack");
    const more = swift ? [openS3Store(swift.settings)] : [];
    shelf = await Shelf.open(swift ? 2 : 3, { lookEvery: 3_000, pace: { every: 1_000 }, more });
    const kept = new Map<string, Buffer>();
    let served = 0;
    let wrong = 0;
    let refused = 0;

    async function readOne(): Promise<void> {
      const [hash, bytes] = chance.oneOf([...kept]);
      served += 1;
      if (!(await shelf.read(hash)).equals(bytes)) wrong += 1;
    }
    async function upload(): Promise<void> {
      const bytes = someBytes(Math.ceil(chance.between(1, chance.next() < 0.05 ? 3_000_000 : 20_000)));
      // Acknowledged or not: what was refused may be sent again, and is.
      const hash = await shelf.keep(bytes).catch(() => null);
      if (hash) kept.set(hash, bytes);
      else refused += 1;
    }
    const third = async () => {
      for (let i = 0; i < UPLOADS / 3; i++) {
        await upload();
        if (kept.size > 0) await readOne();
      }
    };
    const killed = async () => {
      if (swift) await swift.kill();
      else shelf.stores[2]!.trouble = "away";
      await third();
      if (swift) await swift.back();
      shelf.stores[2]!.trouble = null;
    };
    const wiped = async () => {
      const work = third();
      await rm(join(shelf.folder, "store-1"), { recursive: true, force: true, maxRetries: 20 });
      await work;
    };
    const flipped = async () => {
      const work = third();
      for (let i = 0; i < UPLOADS / 10; i++)
        await shelf.flip(2, chance.oneOf([...kept.keys()]), 0).catch(() => undefined);
      await work;
    };
    await killed();
    await shelf.settled(unhurried(REPAIRED)); // one store at a time
    await wiped();
    await shelf.settled(unhurried(REPAIRED));
    await flipped();

    const began = performance.now();
    await vi.waitFor(
      async () => {
        for (const hash of kept.keys())
          for (const store of swift ? [1, 2] : [1, 2, 3]) expect(await shelf.isWholeIn(store, hash)).toBe(true);
      },
      { timeout: unhurried(REPAIRED), interval: 200 },
    );
    await shelf.settled(unhurried(REPAIRED));
    const took = Math.round(performance.now() - began);
    for (const [hash, bytes] of kept) expect((await shelf.read(hash)).equals(bytes)).toBe(true);
    console.log(`${kept.size} kept, ${refused} refused, ${served} read meanwhile, whole ${took} ms after the last`);
    expect(wrong).toBe(0);
    expect(refused).toBe(0); // two of three were there all the time
    expect(kept.size).toBe(UPLOADS);
  },
  UPLOADS * 2_000 + 300_000,
);

describe("D4 a store in which one byte flipped", () => {
  test("in each of a hundred files: the look at all files finds a hundred of a hundred, and mends them", async () => {
    shelf = await Shelf.open(2, { lookEvery: 3_000, pace: { every: 1_000 } });
    const hashes: string[] = [];
    for (let i = 0; i < 100; i++) hashes.push(await shelf.keep(someBytes(1_000 + i)));
    await shelf.settled(unhurried(REPAIRED));
    for (const [i, hash] of hashes.entries()) await shelf.flip(2, hash, i);
    const copies = openCopies({ storage: shelf.storage, now: () => new Date() });
    const names = shelf.stores.map(({ name }) => name);
    await vi.waitFor(
      async () => {
        const [, second] = (await copies.figures(names)).stores;
        expect(second).toMatchObject({ damaged: 100, repaired: 100, owed: 0 });
      },
      { timeout: unhurried(REPAIRED), interval: 50 },
    );
    for (const hash of hashes) expect(await shelf.isWholeIn(2, hash)).toBe(true);
  }, 240_000);
});

describe.skipIf(disk === null)("D3 a store whose disk is full", () => {
  test("stops nobody while two others have room, is told, and gets what it missed once there is room", async () => {
    const at = join(disk!, "files");
    const more = [openFileStore({ is: "file", name: "file:small", folder: at })];
    shelf = await Shelf.open(2, { more });
    const before = await shelf.keep(someBytes(1_000_000));
    await shelf.settled(unhurried(REPAIRED));
    leaveFree(disk!, 100 * 2 ** 20); // less than what a disk of ours keeps free
    const hash = await shelf.keep(someBytes(1_000_000));
    await vi.waitFor(
      async () => expect(await shelf.lines("store.lost")).toEqual([{ store: "file:small", why: "full" }]),
      {
        timeout: 10_000,
      },
    );
    expect(shelf.blobs.standing()).toBe("degraded");
    expect(await shelf.read(before)).toHaveLength(1_000_000);
    execFileSync("rm", [join(disk!, "filler")]);
    await shelf.settled(unhurried(REPAIRED));
    expect(await shelf.copies((await shelf.row(hash)).key)).toHaveLength(3);
    await vi.waitFor(async () => expect(await shelf.lines("store.back")).toHaveLength(1), { timeout: 10_000 });
  }, 120_000);
});
