import { type Remote, wrap } from "comlink";
import { randomHex } from "../keyring/bytes.ts";
import type { SealedFile } from "./file.ts";
import type { ParcelWork } from "./parcel-worker.browser.ts";

/**
 * Files that were sealed and are on their way. Ciphertext waits in the browser's own file system, so that a page which was
 * closed or reloaded can go on with it; where the browser keeps no files it lasts as long as the page. Whoever packs a
 * parcel or takes one up again owns it until they drop it, and no other page of this browser takes it meanwhile.
 */
export interface Parcel {
  readonly sealed: SealedFile;
  readonly bytes: Blob;
  /** Kept beside it, for whoever takes it up again: what it is, sealed. Keeps nothing where the browser doesn't. */
  note(text: string): Promise<void>;
  drop(): Promise<void>;
  /** It stays for whoever takes it up again. */
  leave(): void;
}

const FOLDER = "assent-parcels";
const NOTE = ".note";
/** What nobody came back for. */
const STALE_MS = 86_400_000;

/** Seals a file in a worker of its own. Rejects with the signal's reason when it is taken back. */
export async function pack(visitId: string, file: Blob, { signal }: { signal: AbortSignal }): Promise<Parcel> {
  const name = `${visitId}-${randomHex(8).slice(2)}`;
  await own(name);
  try {
    const { bytes, ...sealed } = await working(signal, (work) => work.seal(FOLDER, name, file));
    return parcelOf(name, sealed, bytes ?? (await fileOf(name)), bytes === null);
  } catch (fault) {
    await remove(name);
    throw fault;
  }
}

/** A parcel that another page left behind, with its note. */
export interface Left {
  readonly note: string;
  /** Null when somebody has it. */
  take(): Promise<((sealed: SealedFile) => Parcel) | null>;
  drop(): Promise<void>;
}

/** What is left of this visit. What nobody came back for within a day, of any visit, is thrown away. */
export async function parcelsLeft(visitId: string): Promise<Left[]> {
  const found: Left[] = [];
  const names = await namesKept();
  for (const name of names) {
    if (name.endsWith(NOTE)) continue;
    const noted = names.includes(name + NOTE);
    const mine = name.startsWith(`${visitId}-`) && noted;
    if (!mine) {
      const { lastModified } = await fileOf(name);
      // Without a note it is being sealed, or was when the page went.
      if (Date.now() - lastModified > (noted ? STALE_MS : STALE_MS / 24) && (await own(name))) await remove(name);
      continue;
    }
    const note = await (await fileOf(name + NOTE)).text();
    found.push({
      note,
      async take() {
        if (!(await own(name))) return null;
        const bytes = await fileOf(name);
        return (sealed) => parcelOf(name, sealed, bytes, true);
      },
      drop: () => remove(name),
    });
  }
  return found;
}

function parcelOf(name: string, sealed: SealedFile, bytes: Blob, kept: boolean): Parcel {
  return {
    sealed,
    bytes,
    async note(text) {
      if (!kept) return;
      const never = new AbortController().signal;
      // Without it a page that comes later can't go on; this one can.
      await working(never, (work) => work.keep(FOLDER, name + NOTE, new TextEncoder().encode(text))).catch(() => {});
    },
    drop: () => remove(name),
    leave: () => release(name),
  };
}

async function working<T>(signal: AbortSignal, ask: (work: Remote<ParcelWork>) => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const worker = new Worker(new URL("./parcel-worker.browser.ts", import.meta.url), { type: "module" });
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  stopped.catch(() => {});
  const quit = () => reject(signal.reason);
  worker.addEventListener("error", () => reject(new Error("This browser started no worker to seal the file.")));
  signal.addEventListener("abort", quit, { once: true });
  try {
    return await Promise.race([ask(wrap<ParcelWork>(worker)), stopped]);
  } finally {
    signal.removeEventListener("abort", quit);
    worker.terminate();
  }
}

/** By whom it is dropped. */
const owned = new Map<string, () => void>();

/** False when somebody has it: another page of this browser, or something else in this one. */
async function own(name: string): Promise<boolean> {
  if (owned.has(name)) return false;
  owned.set(name, () => {});
  if (!("locks" in navigator)) return true;
  const got = Promise.withResolvers<boolean>();
  void navigator.locks
    .request(`assent-parcel-${name}`, { ifAvailable: true }, (lock) => {
      got.resolve(lock !== null);
      if (lock) return new Promise<void>((resolve) => owned.set(name, resolve));
      owned.delete(name);
    })
    .catch(() => got.resolve(true));
  return got.promise;
}

async function remove(name: string): Promise<void> {
  try {
    const place = await (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER);
    // The note goes last: with it, a parcel that could not be removed is found again.
    for (const one of [name, name + NOTE]) await place.removeEntry(one).catch(() => {});
  } catch {
    // a browser that keeps no files
  }
  release(name);
}

function release(name: string): void {
  owned.get(name)?.();
  owned.delete(name);
}

async function namesKept(): Promise<string[]> {
  try {
    const place = await (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER);
    const names: string[] = [];
    for await (const name of place.keys()) names.push(name);
    return names;
  } catch {
    return [];
  }
}

async function fileOf(name: string): Promise<File> {
  const place = await (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER);
  return (await place.getFileHandle(name)).getFile();
}
