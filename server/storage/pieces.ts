import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import { Damaged, type Fault, faultOf, type Store, within } from "./store.ts";

/** Bytes in a piece of a blob; only the last is shorter. Each has its SHA-256 beside the row, so that it is known by itself. */
export const PIECE = 1024 * 1024;

/** What the database knows of a blob's bytes. `pieces` is the SHA-256 of each, one after the other, in base64. */
export interface Known {
  key: string;
  size: number;
  pieces: string;
}

/** The same bytes in pieces. */
export async function* cut(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let parts: Uint8Array[] = [];
  let filled = 0;
  const piece = () => {
    const whole = parts.length === 1 ? parts[0]! : Buffer.concat(parts, filled);
    parts = [];
    filled = 0;
    return whole;
  };
  for await (const chunk of bytes) {
    for (let from = 0; from < chunk.length; ) {
      const part = chunk.subarray(from, from + PIECE - filled);
      parts.push(part);
      filled += part.length;
      from += part.length;
      if (filled === PIECE) yield piece();
    }
  }
  if (filled > 0) yield piece();
}

/** SHA-256 of all the bytes, and what `Known` keeps of the pieces. */
export async function digestsOf(bytes: AsyncIterable<Uint8Array>): Promise<{ hash: string; pieces: string }> {
  const whole = createHash("sha256");
  const pieces: Buffer[] = [];
  for await (const piece of cut(bytes)) {
    whole.update(piece);
    pieces.push(digestOf(piece));
  }
  return { hash: `0x${whole.digest("hex")}`, pieces: Buffer.concat(pieces).toString("base64") };
}

const digestOf = (piece: Uint8Array) => createHash("sha256").update(piece).digest();

/** No store that was asked has the next piece right. */
export class NowhereRight extends Error {
  /** Of each store that was asked, in their order. */
  readonly faults: readonly Fault[];
  constructor(faults: readonly Fault[]) {
    super("No store has these bytes as they were stored.");
    this.name = "NowhereRight";
    this.faults = faults;
  }
}

/**
 * A blob, piece by piece, each checked before it is handed on. Where a store has a piece wrong, not at all, or not within
 * `patience` milliseconds, the next one goes on from there: two damaged copies still make a whole one.
 */
export async function* verified(
  blob: Known,
  stores: readonly Store[],
  options: { patience: number; signal?: AbortSignal | undefined; found?: (store: Store, fault: Fault) => void },
): AsyncGenerator<Uint8Array> {
  const { patience, signal, found } = options;
  const digests = Buffer.from(blob.pieces, "base64");
  const count = digests.length / 32;
  const failed = new Map<Store, Fault>();
  for (let at = 0; at < count; ) {
    const store = stores.find((one) => !failed.has(one));
    if (!store) throw new NowhereRight([...failed.values()]);
    let stream: Readable | undefined;
    try {
      stream = await within(patience, (quit) => store.open(blob.key, at * PIECE, blob.size, quit), signal);
      stream.on("error", () => undefined); // told by the pieces; one more after we left is nobody's
      const pieces = cut(stream);
      while (at < count) {
        const { done, value } = await within(patience, () => pieces.next(), signal);
        if (done || !digestOf(value).equals(digests.subarray(at * 32, at * 32 + 32))) throw new Damaged();
        at += 1;
        yield value;
        failed.clear();
      }
    } catch (error) {
      signal?.throwIfAborted();
      const fault = faultOf(error);
      failed.set(store, fault);
      found?.(store, fault);
    } finally {
      stream?.destroy();
    }
  }
}
