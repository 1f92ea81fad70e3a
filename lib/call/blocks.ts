/** A file travels in blocks of half a mebibyte, each in pieces of 64 KiB; after a dropped connection it goes on at the last whole block. */
export const BLOCK = 512 * 1024;
export const PIECE = 64 * 1024;

const sha256 = async (bytes: Uint8Array<ArrayBuffer>) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

/** The digest of one block. */
export const digestOfBlock = sha256;

/** SHA-256 over the digests of all blocks, as hex: native and off the main thread, whatever the file's size. */
export async function digestOfBlocks(digests: readonly Uint8Array[]): Promise<string> {
  const all = new Uint8Array(digests.length * 32);
  for (const [i, digest] of digests.entries()) all.set(digest, i * 32);
  return [...(await sha256(all))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What arrives of one file. Blobs, not arrays, so that the browser may put them on disk. */
export class Arriving {
  readonly #size: number;
  #blobs: Blob[] = [];
  #digests: Promise<Uint8Array>[] = [];
  /** The one that is filled now: a new one for each would cost as much as everything else that is done with it. */
  readonly #block: Uint8Array<ArrayBuffer>;
  #filled = 0;

  constructor(size: number) {
    this.#size = size;
    this.#block = new Uint8Array(Math.min(size, BLOCK));
  }
  /** Where the next whole block begins: from here the other side is asked to go on. */
  get from(): number {
    return Math.min(this.#blobs.length * BLOCK, this.#size);
  }
  get bytes(): number {
    return this.from + this.#filled;
  }
  /** The begun block is asked for again. */
  rewind(): void {
    this.#filled = 0;
  }
  /** False when the piece does not belong: too large, across two blocks, or past the end. */
  add(piece: Uint8Array): boolean {
    const left = Math.min(BLOCK, this.#size - this.from);
    if (piece.length === 0 || piece.length > PIECE || this.#filled + piece.length > left) return false;
    this.#block.set(piece, this.#filled);
    this.#filled += piece.length;
    if (this.#filled === left) {
      // Both have a copy of their own when they return.
      const block = this.#block.subarray(0, left);
      this.#digests.push(digestOfBlock(block));
      this.#blobs.push(new Blob([block]));
      this.rewind();
    }
    return true;
  }
  /** The whole file, if its digest is this one. */
  async finish(digest: string, type: string): Promise<Blob | undefined> {
    if (this.bytes !== this.#size || this.#filled !== 0) return undefined;
    if ((await digestOfBlocks(await Promise.all(this.#digests))) !== digest) return undefined;
    return new Blob(this.#blobs, { type });
  }
}
