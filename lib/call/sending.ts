import { BLOCK, digestOfBlock, digestOfBlocks, PIECE } from "./blocks.ts";

/** Read from the disk at once: each reading is a question to another process of the browser, which costs more than its bytes. */
const READ = 8 * BLOCK;

/** What is sent of one file, from wherever the other side wants it. Remembers the digests of what went before. */
export class Sending {
  readonly file: File;
  readonly #digests: Promise<Uint8Array>[] = [];

  constructor(file: File) {
    this.file = file;
  }
  /** Pushes all from this byte on, piece by piece. Resolves to the digest of the whole, or to null when it may not go on. */
  async push(
    from: number,
    push: (piece: Uint8Array<ArrayBuffer>) => Promise<void>,
    goesOn: () => boolean,
  ): Promise<string | null> {
    const { file } = this;
    const read = async (at: number) => new Uint8Array(await file.slice(at, at + READ).arrayBuffer());
    let next = read(from);
    for (let at = from; at < file.size && goesOn(); at += READ) {
      const bytes = await next;
      if (at + READ < file.size) {
        next = read(at + READ);
        next.catch(() => {});
      }
      for (let i = 0; i < bytes.length && goesOn(); i += PIECE) {
        if (i % BLOCK === 0) this.#digests[(at + i) / BLOCK] = digestOfBlock(bytes.subarray(i, i + BLOCK));
        await push(bytes.subarray(i, i + PIECE));
      }
    }
    return goesOn() ? digestOfBlocks(await Promise.all(this.#digests)) : null;
  }
}
