import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { appendFile, mkdir, open, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Refusal } from "../../lib/refusal.ts";
import { assertRoom } from "./space.ts";

/** Ciphertext by the SHA-256 of its bytes: temp → fsync → rename → fsync of the folder. What it holds cannot be read here. */
export interface Blobs {
  /** Begins an upload of `size` bytes for a visit. Refuses a fourth at a time, what would be too much for one visit, and what has no room. */
  start(about: { visitId: string; byPatient: boolean; size: number }): Promise<string>;
  /** Throws away what a visit began to send and did not finish. */
  dropUploads(visitId: string): Promise<void>;
  /** Throws away a blob that nothing refers to. */
  drop(hash: string): Promise<void>;
  /** What an upload is for, and how many bytes of it are here. Null when there is none. */
  find(id: string): Promise<{ visitId: string; byPatient: boolean; size: number; received: number } | null>;
  /** Appends at `offset`, which must be what was received so far. Resolves to the new count. */
  append(id: string, offset: number, bytes: Uint8Array): Promise<number>;
  /** Makes the upload a blob, durable when this resolves. Refuses when its bytes are not `hash`. */
  finish(id: string, hash: string): Promise<void>;
  /** Bytes of a blob; the hash is checked while reading, and a wrong end breaks the stream. */
  read(hash: string): Promise<{ size: number; stream: ReadableStream<Uint8Array> }>;
  /** Can be written to. */
  healthy(): Promise<boolean>;
}

/** Uploads at a time, and bytes under way, for one side of a visit. */
const UPLOADS_A_SIDE = 3;
const BYTES_A_SIDE = 3 * 1024 ** 3;

export async function openBlobs(folder: string): Promise<Blobs> {
  const uploads = join(folder, "uploads");
  await mkdir(uploads, { recursive: true, mode: 0o700 });
  await dropStale(uploads);
  setInterval(() => void dropStale(uploads).catch(() => undefined), 3_600_000).unref();
  const inTurn = turns();
  const pathOf = (hash: string) => join(folder, hash.slice(2, 4), hash.slice(2));
  const partOf = (id: string) => join(uploads, `${id}.part`);

  async function find(id: string) {
    if (!/^[0-9a-f]{32}$/.test(id)) return null;
    try {
      const handle = await open(join(uploads, `${id}.json`));
      const about = JSON.parse(await handle.readFile("utf8")) as { visitId: string; byPatient: boolean; size: number };
      await handle.close();
      return { ...about, received: (await stat(partOf(id))).size };
    } catch {
      return null;
    }
  }

  const begun = async (visitId: string) => {
    const ids = (await readdir(uploads)).filter((name) => name.endsWith(".json")).map((name) => name.slice(0, -5));
    const found = await Promise.all(ids.map(async (id) => ({ id, about: await find(id) })));
    return found.flatMap(({ id, about }) => (about?.visitId === visitId ? [{ id, ...about }] : []));
  };
  const forget = async (id: string) => {
    await rm(partOf(id), { force: true });
    await rm(join(uploads, `${id}.json`), { force: true });
  };

  return {
    find,
    start: (about) =>
      inTurn(about.visitId, async () => {
        const mine = (await begun(about.visitId)).filter((one) => one.byPatient === about.byPatient);
        if (mine.length >= UPLOADS_A_SIDE) throw new Refusal("request.too-many");
        const bytes = mine.reduce((sum, one) => sum + one.size, about.size);
        if (bytes > BYTES_A_SIDE) throw new Refusal("blob.too-large");
        assertRoom(folder, "files", about.size);
        const id = randomBytes(16).toString("hex");
        await writeFile(partOf(id), "", { mode: 0o600 });
        await writeFile(join(uploads, `${id}.json`), JSON.stringify(about), { mode: 0o600 });
        return id;
      }),
    append: (id, offset, bytes) =>
      inTurn(id, async () => {
        const about = await find(id);
        if (!about) throw new Refusal("blob.not-found");
        if (offset !== about.received) throw new Refusal("blob.mismatch", { received: about.received });
        if (offset + bytes.length > about.size) throw new Refusal("blob.too-large");
        assertRoom(folder, "files", bytes.length);
        await appendFile(partOf(id), bytes);
        return offset + bytes.length;
      }),
    finish: (id, hash) =>
      inTurn(id, async () => {
        const about = await find(id);
        if (!about) throw new Refusal("blob.not-found");
        if (about.received !== about.size) throw new Refusal("blob.mismatch", { received: about.received });
        const digest = createHash("sha256");
        for await (const piece of createReadStream(partOf(id))) digest.update(piece as Buffer);
        if (`0x${digest.digest("hex")}` !== hash) throw new Refusal("blob.mismatch");
        await sync(partOf(id));
        const path = pathOf(hash);
        await mkdir(join(path, ".."), { recursive: true, mode: 0o700 });
        await rename(partOf(id), path);
        await sync(join(path, ".."));
        await sync(folder);
        await forget(id);
      }),
    dropUploads: async (visitId) => {
      for (const { id } of await begun(visitId)) await inTurn(id, () => forget(id));
    },
    drop: (hash) => rm(pathOf(hash), { force: true }),
    async read(hash) {
      const path = pathOf(hash);
      const found = await stat(path).catch(() => null);
      if (!found) throw new Refusal("blob.not-found");
      return { size: found.size, stream: checked(path, hash) };
    },
    async healthy() {
      const probe = join(uploads, `.probe-${randomBytes(4).toString("hex")}`);
      try {
        await writeFile(probe, "");
        await rm(probe);
        return true;
      } catch {
        return false;
      }
    },
  };
}

function checked(path: string, hash: string): ReadableStream<Uint8Array> {
  const digest = createHash("sha256");
  const source = createReadStream(path)[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await source.next();
      if (!done) {
        digest.update(value);
        controller.enqueue(new Uint8Array(value));
      } else if (`0x${digest.digest("hex")}` === hash) controller.close();
      else controller.error(new Error("The stored bytes are not what was stored."));
    },
    async cancel() {
      await source.return?.();
    },
  });
}

/** Runs what has the same key one after the other. */
function turns() {
  const last = new Map<string, Promise<unknown>>();
  return <T>(key: string, work: () => Promise<T>): Promise<T> => {
    const mine = (last.get(key) ?? Promise.resolve()).then(work, work);
    last.set(key, mine);
    const done = () => {
      if (last.get(key) === mine) last.delete(key);
    };
    mine.then(done, done);
    return mine;
  };
}

/** Uploads nobody finished in a day. */
async function dropStale(uploads: string): Promise<void> {
  for (const name of await readdir(uploads)) {
    const path = join(uploads, name);
    if (Date.now() - (await stat(path)).mtimeMs > 86_400_000) await rm(path, { force: true });
  }
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, "r");
  await handle.sync();
  await handle.close();
}
