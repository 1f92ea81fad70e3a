import type { Readable } from "node:stream";
import { Refusal } from "../../lib/refusal.ts";
import type { StoreSettings } from "./store-settings.ts";

/**
 * One place that keeps blobs, each under a key of its own that is never used again: `<sha256>-<eight hex digits>`. A store
 * is believed in nothing: whoever reads from it holds the bytes against what the database knows of them.
 */
export interface Store {
  readonly name: string;
  /** Milliseconds after which a blob that nobody opened is read again to see whether it is whole. */
  readonly lookEvery: number;
  /** Durable when it resolves, and only what has the hash that the key begins with. Throws `StoreFull` for want of room. */
  put(key: string, size: number, bytes: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void>;
  /** The bytes of a blob of this size from `from` on. Throws `NotThere`. */
  open(key: string, from: number, size: number, signal: AbortSignal): Promise<Readable>;
  /** What is not there is dropped already. */
  drop(key: string, signal: AbortSignal): Promise<void>;
  /** Keys after this one, in order, and where to go on; null at the end. */
  list(after: string, most: number, signal: AbortSignal): Promise<{ keys: string[]; next: string | null }>;
  /** A word by which we know it again, or null where there is none. Throws `StoreFull` for want of room. */
  mark(signal: AbortSignal): Promise<string | null>;
  /** Leaves that word, which also shows that it can be written to. */
  leaveMark(mark: string, signal: AbortSignal): Promise<void>;
}

export class NotThere extends Error {}
export class StoreFull extends Error {}
/** What came is not what was stored. */
export class Damaged extends Error {}
/** Nothing came for too long. */
class TooSlow extends Error {}

/** What is wrong with a copy, or with the store it was asked of. */
export type Fault = "missing" | "damaged" | "full" | "away";

export function faultOf(error: unknown): Fault {
  if (error instanceof NotThere) return "missing";
  if (error instanceof Damaged) return "damaged";
  const full = error instanceof StoreFull || (error instanceof Refusal && error.code === "storage.full");
  return full || ["ENOSPC", "EDQUOT"].includes((error as NodeJS.ErrnoException).code ?? "") ? "full" : "away";
}

const KEY = /^([0-9a-f]{64})-[0-9a-f]{8}$/;
export const isKey = (name: string) => KEY.test(name);
/** The SHA-256, in hex, of what is under a key. */
export const hashOfKey = (key: string) => key.slice(0, 64);

/** What a bucket needs is loaded only where there is one. */
export async function openStore(settings: StoreSettings): Promise<Store> {
  if (settings.is === "file") return (await import("./file-store.ts")).openFileStore(settings);
  return (await import("./s3-store.ts")).openS3Store(settings);
}

/**
 * Does something within `ms`, counted again from each `moved`. Rejects at once when that is over or a signal is aborted,
 * also when whoever works on it hears of neither.
 */
export async function within<T>(
  ms: number,
  work: (signal: AbortSignal, moved: () => void) => Promise<T>,
  outer?: AbortSignal,
): Promise<T> {
  const quit = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const moved = () => {
    clearTimeout(timer);
    timer = setTimeout(() => quit.abort(new TooSlow()), ms);
  };
  const give = () => quit.abort(outer?.reason);
  if (outer?.aborted) give();
  outer?.addEventListener("abort", give, { once: true });
  try {
    moved();
    return await new Promise<T>((resolve, reject) => {
      if (quit.signal.aborted) return reject(quit.signal.reason);
      quit.signal.addEventListener("abort", () => reject(quit.signal.reason), { once: true });
      work(quit.signal, moved).then(resolve, reject);
    });
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener("abort", give);
  }
}
