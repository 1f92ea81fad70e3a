/**
 * `keeps.fixture.ts FOLDER BYTES`: keeps files in three folders until it is killed, and tells which are acknowledged; some
 * stop for a while between the stores and the row. With BYTES it keeps and reads back one file of that size, tells by
 * how many bytes this process grew meanwhile, and ends.
 */
import { createHash, randomBytes } from "node:crypto";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { pino } from "pino";
import { openBlobs } from "./blobs.ts";
import { openFileStore } from "./file-store.ts";
import { migrations } from "./made.fixture.ts";
import { PIECE } from "./pieces.ts";
import { blob } from "./schema.ts";
import { hashOf, once, plan, quick, someBytes } from "./shelf.fixture.ts";
import { openStorage } from "./storage.ts";

const [folder = "", size = "0"] = process.argv.slice(2);
const tell = (message: object) => new Promise((resolve) => process.send?.(message, resolve));
const storage = await openStorage(folder, migrations);
/** Uploads that were begun count for their visit: each process has its own. */
const visitId = randomBytes(16).toString("hex");
await plan(storage, visitId);
const stores = [1, 2, 3].map((n) => {
  const at = join(folder, `store-${n}`);
  return openFileStore({ is: "file", name: `file:${at}`, folder: at });
});
const blobs = await openBlobs({
  folder: join(folder, "uploads"),
  ...{ stores, storage, log: pino({ level: "silent" }), now: () => new Date(), pace: quick },
});

async function keep(hash: string, size: number, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const id = await blobs.start({ visitId, byPatient: false, size });
  await blobs.append(id, 0, bytes);
  await blobs.finish(id, hash, async ({ commit, ...known }) => {
    if (Math.random() < 0.5) await pause(Math.random() * 50);
    await storage.keepBooks(async (tx) => {
      await tx.insert(blob).values({ ...known, hash, visitId, byPatient: false, storedAt: new Date() });
      await commit(tx);
    });
  });
}

if (size === "0") {
  await tell({ ready: true });
  const write = async () => {
    for (;;) {
      const bytes = someBytes(Math.ceil(Math.random() * 50_000));
      await keep(hashOf(bytes), bytes.length, once(bytes));
      await tell({ kept: hashOf(bytes) });
    }
  };
  await Promise.all([write(), write()]);
}

/** The same bytes twice: to know their hash, and to send them. */
async function* drawn(bytes: number, seed: Buffer): AsyncGenerator<Uint8Array> {
  for (let sent = 0; sent < bytes; sent += seed.length) {
    seed.writeUInt32BE(sent / seed.length);
    yield Buffer.from(seed.subarray(0, Math.min(seed.length, bytes - sent)));
    await pause(0);
  }
}
async function growth(bytes: number): Promise<number> {
  const seed = randomBytes(PIECE / 4);
  const digest = createHash("sha256");
  for await (const piece of drawn(bytes, seed)) digest.update(piece);
  const hash = `0x${digest.digest("hex")}`;
  const before = process.memoryUsage().rss;
  let most = before;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 20);
  await keep(hash, bytes, drawn(bytes, seed));
  const rows = await storage.read.select().from(blob);
  const row = rows.find((one) => one.hash === hash);
  const read = createHash("sha256");
  for await (const piece of (await blobs.read(row!)).stream) read.update(piece);
  clearInterval(watch);
  if (`0x${read.digest("hex")}` !== hash) throw new Error("What was read is not what was kept.");
  return most - before;
}
await growth(64 * PIECE); // what is allocated once is allocated
const began = performance.now();
await tell({ grew: await growth(Number(size)), ms: performance.now() - began });
await blobs.close();
await storage.close();
process.exit(0);
