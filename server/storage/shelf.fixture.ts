import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { and, eq, gt, isNull, ne, or } from "drizzle-orm";
import { pino } from "pino";
import { expect, vi } from "vitest";
import { type Blobs, openBlobs } from "./blobs.ts";
import type { Pace } from "./care.ts";
import { openFileStore } from "./file-store.ts";
import { madeFolder, migrations } from "./made.fixture.ts";
import { blob, blobCopy, blobStore, clinicianKey, entry, user, visit } from "./schema.ts";
import { openStorage, type Storage } from "./storage.ts";
import type { Store } from "./store.ts";

/** As fast as a test wants it. */
export const quick: Partial<Pace> = {
  patience: 2_000,
  every: 200,
  soon: 50,
  rate: Number.POSITIVE_INFINITY,
  hopeless: 50,
};
export const VISIT = "0".repeat(32);

/** A store that a test can take away, slow down, fill up and lie for. */
interface Troubled extends Store {
  /** Refuses everything at once; `hangs` never answers; `full` takes nothing. */
  trouble: "away" | "hangs" | "full" | null;
  /** Bytes that were read from it. */
  read: number;
}
const forever = new Promise<never>(() => {});

function troubled(store: Store, lookEvery = store.lookEvery): Troubled {
  const meet = async (writes: boolean) => {
    if (mine.trouble === "hangs") await forever;
    if (mine.trouble === "away") throw new Error("It is away.");
    if (mine.trouble === "full" && writes) throw Object.assign(new Error("It is full."), { code: "ENOSPC" });
  };
  const mine: Troubled = {
    name: store.name,
    lookEvery,
    trouble: null,
    read: 0,
    put: async (...how) => {
      await meet(true);
      return store.put(...how);
    },
    open: async (...how) => {
      await meet(false);
      const stream = await store.open(...how);
      stream.on("data", (piece: Buffer) => {
        mine.read += piece.length;
      });
      return stream.pause();
    },
    drop: async (...how) => {
      await meet(false);
      return store.drop(...how);
    },
    list: async (...how) => {
      await meet(false);
      return store.list(...how);
    },
    mark: async (...how) => {
      await meet(false);
      return store.mark(...how);
    },
    leaveMark: async (...how) => {
      await meet(true);
      return store.leaveMark(...how);
    },
  };
  return mine;
}

/** One database for all tests of a file: making one takes longer than they do. */
let opened: { folder: string; storage: Storage } | undefined;
async function database(): Promise<Storage> {
  if (!opened) {
    const folder = await madeFolder("books");
    opened = { folder, storage: await openStorage(folder, migrations) };
    await plan(opened.storage);
  }
  await opened.storage.keepBooks(async (tx) => {
    for (const table of [blob, blobCopy, blobStore]) await tx.delete(table);
  });
  return opened.storage;
}
/** Before the first, since it takes its time, and after the last test of a file. */
export const openDatabase = () => database().then(() => undefined);
export async function closeDatabase(): Promise<void> {
  await opened?.storage.close();
  if (opened) await rm(opened.folder, { recursive: true, force: true });
  opened = undefined;
}

/** Blobs in several folders, with their books in a real database. */
export class Shelf {
  readonly folder: string;
  readonly storage: Storage;
  readonly stores: readonly Troubled[];
  blobs: Blobs;
  private readonly pace: Partial<Pace>;
  private readonly linesBefore: number;
  private constructor(
    folder: string,
    storage: Storage,
    stores: readonly Troubled[],
    blobs: Blobs,
    pace: Partial<Pace>,
    linesBefore: number,
  ) {
    this.folder = folder;
    this.storage = storage;
    this.stores = stores;
    this.blobs = blobs;
    this.pace = pace;
    this.linesBefore = linesBefore;
  }

  static async open(count: number, options: { pace?: Partial<Pace>; lookEvery?: number; more?: Store[] } = {}) {
    const folder = await mkdtemp(join(tmpdir(), "assent-shelf-"));
    const storage = await database();
    const folders = Array.from({ length: count }, (_, i) => {
      const at = join(folder, `store-${i + 1}`);
      return openFileStore({ is: "file", name: `file:${at}`, folder: at });
    });
    const stores = [...folders, ...(options.more ?? [])].map((store) => troubled(store, options.lookEvery));
    const pace = { ...quick, ...options.pace };
    const blobs = await reopened(folder, stores, storage, pace);
    return new Shelf(folder, storage, stores, blobs, pace, await storage.read.$count(entry));
  }

  /** What a restart does. */
  async restart(stores: readonly Store[] = this.stores): Promise<void> {
    await this.blobs.close();
    this.blobs = await reopened(this.folder, stores, this.storage, this.pace);
  }
  async close(): Promise<void> {
    await this.blobs.close();
    // A write that was given up may still be ending.
    await rm(this.folder, { recursive: true, force: true, maxRetries: 20 });
  }

  async begin(bytes: Uint8Array, visitId = VISIT): Promise<string> {
    const id = await this.blobs.start({ visitId, byPatient: false, size: bytes.length });
    await this.blobs.append(id, 0, once(bytes));
    return id;
  }
  /** Resolves to its hash once it is acknowledged. */
  async finish(id: string, hash: string, visitId = VISIT): Promise<void> {
    await this.blobs.finish(id, hash, ({ key, size, pieces, commit }) =>
      this.storage.keepBooks(async (tx) => {
        const row = { hash, visitId, size, byPatient: false, storedAt: new Date(), key, pieces };
        await tx.insert(blob).values(row);
        await commit(tx);
      }),
    );
  }
  async keep(bytes: Uint8Array): Promise<string> {
    const hash = hashOf(bytes);
    await this.finish(await this.begin(bytes), hash);
    return hash;
  }
  async row(hash: string) {
    const [found] = await this.storage.read.select().from(blob).where(eq(blob.hash, hash));
    return found!;
  }
  /** All of it, or what went wrong. */
  async read(hash: string): Promise<Buffer> {
    return bytesOf(await this.blobs.read(await this.row(hash)));
  }
  /** Deletes its row, as an erasure does. */
  async erase(hash: string): Promise<void> {
    const { key } = await this.row(hash);
    await this.storage.keepBooks(async (tx) => {
      await tx.delete(blob).where(eq(blob.key, key));
      await this.blobs.drop(tx, key);
    });
  }

  async pathIn(store: number, hash: string): Promise<string> {
    const { key } = await this.row(hash);
    return join(this.folder, `store-${store}`, key.slice(0, 2), key);
  }
  async flip(store: number, hash: string, at = 0): Promise<void> {
    const path = await this.pathIn(store, hash);
    const bytes = await readFile(path);
    bytes[at]! ^= 1;
    await writeFile(path, bytes);
  }
  async isWholeIn(store: number, hash: string): Promise<boolean> {
    return hashOf(await readFile(await this.pathIn(store, hash)).catch(() => Buffer.alloc(0))) === hash;
  }
  copies(key: string) {
    return this.storage.read.select().from(blobCopy).where(eq(blobCopy.key, key));
  }
  async lines(action: (typeof entry.$inferSelect)["action"]) {
    const found = await this.storage.read
      .select()
      .from(entry)
      .where(and(eq(entry.action, action), gt(entry.number, this.linesBefore)));
    return found.map(({ detail }) => detail);
  }
  /** Everything is where it should be, and was read there. */
  settled(timeout = 10_000): Promise<void> {
    return vi.waitFor(
      async () => {
        const open = or(ne(blobCopy.state, "kept"), isNull(blobCopy.checkedAt));
        expect(await this.storage.read.$count(blobCopy, open)).toBe(0);
      },
      { timeout, interval: 50 },
    );
  }
}

const reopened = (folder: string, stores: readonly Store[], storage: Storage, pace: Partial<Pace>) =>
  openBlobs({
    folder: join(folder, "uploads"),
    ...{ stores, storage, pace, log: pino({ level: "silent" }), now: () => new Date() },
  });

/** A visit that files can belong to. */
export async function plan(storage: Storage, visitId = VISIT): Promise<void> {
  const now = new Date();
  await storage.keepBooks(async (tx) => {
    const made = { createdAt: now, updatedAt: now };
    await tx
      .insert(user)
      .values({ id: "esi", name: "Dr. Esi Osei", email: "e@x.org", ...made })
      .onConflictDoNothing();
    const card = { device: "", recipient: "", binding: "", person: "", voucher: "", askedAt: now, enrolledAt: now };
    await tx
      .insert(clinicianKey)
      .values({ signer: "0xesi", userId: "esi", ...card })
      .onConflictDoNothing();
    const about = { claimHash: "", details: "", state: "in-call" as const, createdAt: now, linkExpiresAt: now };
    await tx
      .insert(visit)
      .values({ id: visitId, clinicianId: "esi", signer: "0xesi", ...about })
      .onConflictDoNothing();
  });
}

export const hashOf = (bytes: Uint8Array) => `0x${createHash("sha256").update(bytes).digest("hex")}`;
export async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
export const someBytes = (size: number) => randomBytes(size);
export async function bytesOf({ stream }: { stream: ReadableStream<Uint8Array> }): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces);
}
