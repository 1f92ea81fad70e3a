import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openBlobs } from "./blobs.ts";
import { openFileStore } from "./file-store.ts";
import { madeFolder, migrations } from "./made.fixture.ts";
import { PIECE } from "./pieces.ts";
import { blob, blobCopy } from "./schema.ts";
import { rounds, seeded, unhurried } from "./seeded.fixture.ts";
import { bytesOf, hashOf, quick } from "./shelf.fixture.ts";
import { openStorage } from "./storage.ts";
import { hashOfKey, isKey } from "./store.ts";
import { startVictim, type Victim } from "./victim.fixture.ts";

const script = join(import.meta.dirname, "keeps.fixture.ts");
const ROUNDS = rounds(2);
const LARGE = Number(process.env.STREAM_BYTES ?? 192 * PIECE);

let folder: string;
let victim: Victim | undefined;
beforeEach(async () => {
  folder = await madeFolder("keeps");
});
afterEach(async () => {
  victim?.kill();
  await victim?.gone;
  await rm(folder, { recursive: true, force: true, maxRetries: 20 });
});

test(
  `a process killed ${ROUNDS} times between its stores and its rows loses no file it acknowledged, and leaves none that nobody wants`,
  async () => {
    const chance = seeded("keeper of files, killed");
    const kept = new Set<string>();
    for (let round = 0; round < ROUNDS; round++) {
      victim = startVictim(script, [folder], (message) => {
        if ("kept" in message) kept.add(message.kept as string);
      });
      await victim.hears("ready");
      await victim.hears("kept");
      await pause(chance.between(0, 400));
      victim.kill();
      await victim.gone;
    }
    const storage = await openStorage(folder, migrations);
    // Nobody will finish what was arriving; by the clock that is known in a day.
    const given = await storage.keepBooks((tx) => tx.update(blobCopy).set({ due: new Date() }).returning());
    const stores = [1, 2, 3].map((n) => {
      const at = join(folder, `store-${n}`);
      return openFileStore({ is: "file", name: `file:${at}`, folder: at });
    });
    const blobs = await openBlobs({
      folder: join(folder, "uploads"),
      ...{ stores, storage, log: pino({ level: "silent" }), now: () => new Date() },
      pace: { ...quick, strays: 0, sweepEvery: 100 },
    });
    const rows = await storage.read.select().from(blob);
    for (const hash of kept) {
      const row = rows.find((one) => one.hash === hash);
      expect(hashOf(await bytesOf(await blobs.read(row!)))).toBe(hash);
    }
    const wanted = rows.map(({ key }) => key).sort();
    await vi.waitFor(
      async () => {
        for (const n of [1, 2, 3]) {
          const found = await readdir(join(folder, `store-${n}`), { recursive: true });
          const keys = found.map((name) => name.slice(3)).filter(isKey);
          expect(keys.sort()).toEqual(wanted);
        }
      },
      { timeout: unhurried(20_000), interval: 100 },
    );
    for (const n of [1, 2, 3])
      for (const key of wanted) {
        const bytes = await readFile(join(folder, `store-${n}`, key.slice(0, 2), key));
        expect(hashOf(bytes)).toBe(`0x${hashOfKey(key)}`);
      }
    const arriving = given.filter(({ state }) => state === "arriving").length / 3;
    console.log(`${kept.size} acknowledged, ${rows.length} with a row, ${arriving} were between stores and row`);
    expect(rows.length).toBeGreaterThanOrEqual(kept.size);
    await blobs.close();
    await storage.close();
  },
  ROUNDS * 30_000 + 90_000,
);

test(`a file of ${LARGE / PIECE} MB goes to three stores and comes back in memory that stays as it was`, async () => {
  victim = startVictim(script, [folder, String(LARGE)]);
  const { grew, ms } = await victim.hears<{ grew: number; ms: number }>("grew");
  console.log(`grew by ${Math.round(grew / PIECE)} MB in ${Math.round(ms)} ms`);
  expect(grew).toBeLessThan(96 * PIECE);
  await victim.gone;
}, 600_000);
