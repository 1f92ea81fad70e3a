import { createHash, randomBytes } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { PIECE } from "./pieces.ts";
import { assertRoom } from "./space.ts";
import { Damaged, hashOfKey, isKey, NotThere, type Store } from "./store.ts";
import type { StoreSettings } from "./store-settings.ts";

const DAY = 86_400_000;
const MARK = "assent-store";

/** A folder: temp → fsync → rename → fsync of the folder. */
export function openFileStore({ name, folder }: Extract<StoreSettings, { is: "file" }>): Store {
  const coming = join(folder, "coming");
  const shelfOf = (key: string) => join(folder, key.slice(0, 2));
  const pathOf = (key: string) => join(shelfOf(key), key);

  /** Puts a new file in its place in one step; nothing is there that was not written to the end. */
  async function place(path: string, write: (temporary: Awaited<ReturnType<typeof open>>) => Promise<void>) {
    await mkdir(coming, { recursive: true, mode: 0o700 });
    const temporary = join(coming, randomBytes(8).toString("hex"));
    try {
      const handle = await open(temporary, "wx", 0o600);
      try {
        await write(handle);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  return {
    name,
    lookEvery: DAY,
    async put(key, size, bytes, signal) {
      await mkdir(shelfOf(key), { recursive: true, mode: 0o700 });
      assertRoom(folder, "files", size);
      await place(pathOf(key), async (temporary) => {
        const digest = createHash("sha256");
        for await (const piece of bytes) {
          signal.throwIfAborted();
          digest.update(piece);
          await temporary.writeFile(piece);
        }
        if (digest.digest("hex") !== hashOfKey(key)) throw new Damaged();
      });
      await sync(shelfOf(key));
      await sync(folder);
    },
    async open(key, from, size, signal) {
      const handle = await open(pathOf(key)).catch(notThere);
      if (signal.aborted) await handle.close();
      return handle.createReadStream({ start: from, highWaterMark: Math.min(PIECE, size - from) });
    },
    drop: (key) => rm(pathOf(key), { force: true }),
    async list(after, most) {
      const found: string[] = [];
      const shelves = (await readdir(folder)).filter((shelf) => /^[0-9a-f]{2}$/.test(shelf)).sort();
      for (const shelf of shelves) {
        if (shelf < after.slice(0, 2)) continue;
        const keys = await readdir(join(folder, shelf));
        found.push(...keys.filter((key) => isKey(key) && key > after).sort());
        if (found.length > most) break;
      }
      const keys = found.slice(0, most);
      return { keys, next: found.length > most ? keys.at(-1)! : null };
    },
    async mark() {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      assertRoom(folder, "files");
      return readFile(join(folder, MARK), "utf8").catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return null;
        throw error;
      });
    },
    async leaveMark(mark) {
      await dropStale(coming);
      await place(join(folder, MARK), (temporary) => temporary.writeFile(mark));
    },
  };
}

function notThere(error: NodeJS.ErrnoException): never {
  throw error.code === "ENOENT" || error.code === "ENOTDIR" ? new NotThere() : error;
}

/** What was being written when its process ended. */
export async function dropStale(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => null);
    if (found && Date.now() - found.mtimeMs > DAY) await rm(path, { force: true });
  }
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, "r");
  await handle.sync();
  await handle.close();
}
