import { randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Refusal } from "../../lib/refusal.ts";
import { dropStale } from "./file-store.ts";
import { assertRoom } from "./space.ts";

/** For whom bytes come, and how many. */
export interface About {
  visitId: string;
  byPatient: boolean;
  size: number;
}

/** Uploads at a time for one side of a visit. */
const UPLOADS_A_SIDE = 3;
/** Whoever sends less than so many bytes in so many milliseconds keeps a line from others. */
const SLOWEST = { bytes: 16 * 1024, ms: 10_000 };

/** Ciphertext on its way: one file that grows, in this server's own folder, until it is whole and goes to the stores. */
export async function openUploads(folder: string, slowest = SLOWEST) {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const sweep = () => dropStale(folder).catch(() => undefined);
  await sweep();
  const timer = setInterval(sweep, 3_600_000).unref();
  const inTurn = turns();
  const receiving = new Map<string, AbortController>();
  const aboutOf = (id: string) => join(folder, `${id}.json`);
  const partOf = (id: string) => join(folder, `${id}.part`);

  async function find(id: string): Promise<(About & { received: number }) | null> {
    if (!/^[0-9a-f]{32}$/.test(id)) return null;
    try {
      const about = JSON.parse(await readFile(aboutOf(id), "utf8")) as About;
      return { ...about, received: (await stat(partOf(id))).size };
    } catch {
      return null;
    }
  }

  async function begun(visitId: string): Promise<(About & { id: string })[]> {
    const ids = (await readdir(folder)).filter((name) => name.endsWith(".json")).map((name) => name.slice(0, -5));
    const found = await Promise.all(ids.map(async (id) => ({ id, about: await find(id) })));
    return found.flatMap(({ id, about }) => (about?.visitId === visitId ? [{ id, ...about }] : []));
  }

  /** Appends what comes, as it comes. What arrived before the line broke has arrived. */
  async function receive(id: string, offset: number, bytes: AsyncIterable<Uint8Array>, quit: AbortSignal) {
    const about = await find(id);
    if (!about) throw new Refusal("blob.not-found");
    if (offset !== about.received) throw new Refusal("blob.mismatch", { received: about.received });
    let received = offset;
    const part = await open(partOf(id), "a");
    try {
      for await (const chunk of inTime(bytes, quit, slowest)) {
        if (received + chunk.length > about.size) throw new Refusal("blob.too-large");
        assertRoom(folder, "files", chunk.length);
        await part.writeFile(chunk);
        received += chunk.length;
      }
    } finally {
      await part.close();
    }
    return received;
  }

  const forget = async (id: string) => {
    await rm(aboutOf(id), { force: true });
    await rm(partOf(id), { force: true });
  };

  return {
    find,
    begun,
    start: (about: About) =>
      inTurn(about.visitId, async () => {
        const mine = (await begun(about.visitId)).filter(({ byPatient }) => byPatient === about.byPatient);
        if (mine.length >= UPLOADS_A_SIDE) throw new Refusal("request.too-many");
        assertRoom(folder, "files", about.size);
        const id = randomBytes(16).toString("hex");
        await writeFile(partOf(id), "", { mode: 0o600 });
        await writeFile(aboutOf(id), JSON.stringify(about), { mode: 0o600 });
        return id;
      }),
    /** A piece that waits a second for another, whose device may have changed its network, goes on in its place. */
    append(id: string, offset: number, bytes: AsyncIterable<Uint8Array>): Promise<number> {
      const quit = new AbortController();
      const patience = setTimeout(() => receiving.get(id)?.abort(new Refusal("blob.mismatch")), 1_000);
      return inTurn(id, async () => {
        clearTimeout(patience);
        receiving.set(id, quit);
        return receive(id, offset, bytes, quit.signal).finally(() => receiving.delete(id));
      });
    },
    /** Works on an upload while nothing is appended to it. */
    alone: <T>(id: string, work: () => Promise<T>) => inTurn(id, work),
    bytesOf: (id: string) => createReadStream(partOf(id), { highWaterMark: 256 * 1024 }),
    forget,
    drop: async (visitId: string) => {
      for (const { id } of await begun(visitId)) {
        receiving.get(id)?.abort(new Refusal("visit.over"));
        await inTurn(id, () => forget(id));
      }
    },
    close: () => clearInterval(timer),
  };
}

/** Hands on what comes, and throws as soon as it comes too slowly or somebody else is to go on. */
async function* inTime(bytes: AsyncIterable<Uint8Array>, quit: AbortSignal, slowest: typeof SLOWEST) {
  const source = bytes[Symbol.asyncIterator]();
  let timer: NodeJS.Timeout | undefined;
  let since = 0;
  let over: unknown;
  /** Of the wait for the next bytes: one that lasted would keep all of them. */
  let fail = (_: unknown) => {};
  const end = (reason: unknown) => {
    over ??= reason;
    fail(reason);
  };
  const wait = () => {
    clearTimeout(timer);
    since = 0;
    timer = setTimeout(() => end(new Refusal("request.too-slow")), slowest.ms);
  };
  quit.addEventListener("abort", () => end(quit.reason), { once: true });
  try {
    wait();
    for (;;) {
      const { done, value } = await new Promise<IteratorResult<Uint8Array>>((resolve, reject) => {
        fail = reject;
        if (over) reject(over);
        else source.next().then(resolve, reject);
      });
      if (done) return;
      since += value.length;
      if (since >= slowest.bytes) wait();
      yield value;
    }
  } finally {
    clearTimeout(timer);
    // Not waited for: it may be waiting for a byte that never comes.
    source.return?.()?.catch(() => undefined);
  }
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
