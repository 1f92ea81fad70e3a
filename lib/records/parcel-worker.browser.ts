import { expose, wrap } from "comlink";
import { type Ciphertext, newSealer, type SealedFile, type Sealer, sealFile } from "./file.ts";

/** Seals a file aside of the page; see `parcels.browser.ts`. */
const work = {
  /** `bytes` is the ciphertext; null when it is in the browser's own file system, under this name. */
  async seal(folder: string, name: string, file: Blob): Promise<SealedFile & { bytes: Blob | null }> {
    try {
      return { ...(await writing(folder, name, (out) => sealing(file, out))), bytes: null };
    } catch (fault) {
      // A browser that keeps no files, or has no room for this one: then it is here as long as the page.
      if (!(fault instanceof DOMException || fault instanceof TypeError)) throw fault;
      const parts: Uint8Array<ArrayBuffer>[] = [];
      const out = { expect: () => {}, write: (chunk: Uint8Array) => void parts.push(new Uint8Array(chunk)) };
      return { ...(await sealing(file, out)), bytes: new Blob(parts) };
    }
  },

  /** A small file beside it. */
  keep: (folder: string, name: string, bytes: Uint8Array): Promise<void> =>
    writing(folder, name, async (out) => out.write(bytes)),
};
export type ParcelWork = typeof work;
expose(work);

/** Encrypts in a worker beside this one, which has enough to do with hashing; in this one where a worker can start none. */
async function sealing(file: Blob, out: Ciphertext): Promise<SealedFile> {
  if (typeof Worker === "undefined") return sealFile(file, newSealer(), out);
  const worker = new Worker(new URL("./seal-worker.browser.ts", import.meta.url), { type: "module" });
  const { promise: broken, reject } = Promise.withResolvers<never>();
  worker.addEventListener("error", () => reject(new Error("This browser started no worker to encrypt the file.")));
  try {
    return await Promise.race([sealFile(file, wrap<Sealer>(worker), out), broken]);
  } finally {
    worker.terminate();
  }
}

/** What only workers have, and the page's types therefore don't. Sizes in bytes. */
interface HandleInWorker {
  createSyncAccessHandle(): Promise<{
    write(bytes: Uint8Array, options: { at: number }): number;
    truncate(size: number): void;
    close(): void;
  }>;
}

/** Rejects where the browser keeps no files, or has no room for more. */
async function writing<T>(folder: string, name: string, work: (out: Ciphertext) => Promise<T>): Promise<T> {
  const root = await navigator.storage.getDirectory();
  const place = await root.getDirectoryHandle(folder, { create: true });
  const handle = await place.getFileHandle(name, { create: true });
  const file = await (handle as unknown as HandleInWorker).createSyncAccessHandle();
  let size = 0;
  try {
    // Never flushed: what a machine lost as it stopped is no longer what its hash says, and no store takes it.
    file.truncate(0);
    return await work({
      // Room that is asked for once costs less than with each chunk, and what is missing is known before.
      expect: (total) => file.truncate(total),
      write(chunk) {
        const written = file.write(chunk, { at: size });
        if (written < chunk.length) throw new DOMException("no more room", "QuotaExceededError");
        size += written;
      },
    });
  } finally {
    file.close();
  }
}
