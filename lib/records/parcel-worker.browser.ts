import { expose } from "comlink";
import { type Ciphertext, type SealedFile, sealFile } from "./file.ts";

/** Seals a file aside of the page; see `parcels.browser.ts`. */
const work = {
  /** `bytes` is the ciphertext; null when it is in the browser's own file system, under this name. */
  async seal(folder: string, name: string, file: Blob): Promise<SealedFile & { bytes: Blob | null }> {
    try {
      return { ...(await writing(folder, name, (out) => sealFile(file, out))), bytes: null };
    } catch (fault) {
      // A browser that keeps no files, or has no room for this one: then it is here as long as the page.
      if (!(fault instanceof DOMException || fault instanceof TypeError)) throw fault;
      const parts: Uint8Array<ArrayBuffer>[] = [];
      const bytes = () => new Blob(parts);
      const out = {
        expect: () => {},
        write: (chunk: Uint8Array) => void parts.push(new Uint8Array(chunk)),
        whole: async () => new Uint8Array(await bytes().arrayBuffer()),
      };
      return { ...(await sealFile(file, out)), bytes: bytes() };
    }
  },

  /** A small file beside it. */
  keep: (folder: string, name: string, bytes: Uint8Array): Promise<void> =>
    writing(folder, name, async (out) => out.write(bytes)),
};
export type ParcelWork = typeof work;
expose(work);

/** What only workers have, and the page's types therefore don't. Sizes in bytes. */
interface HandleInWorker {
  createSyncAccessHandle(): Promise<{
    read(into: Uint8Array, options: { at: number }): number;
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
      async whole() {
        const bytes = new Uint8Array(size);
        file.read(bytes, { at: 0 });
        return bytes;
      },
    });
  } finally {
    file.close();
  }
}
