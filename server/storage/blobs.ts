import { randomBytes } from "node:crypto";
import type { Logger } from "pino";
import { enoughOf, type StoresFigures } from "../../lib/audit/stores.ts";
import { Refusal } from "../../lib/refusal.ts";
import { type Care, careFor, type Pace, usual } from "./care.ts";
import { openCopies } from "./copies.ts";
import { digestsOf, type Known, NowhereRight, verified } from "./pieces.ts";
import type { Storage, Writer } from "./storage.ts";
import { faultOf, type Store, within } from "./store.ts";
import { streamOf } from "./stream.ts";
import { type About, openUploads } from "./uploads.ts";

export type Blobs = Awaited<ReturnType<typeof openBlobs>>;

/** A blob that enough stores have, before a row refers to it. */
interface Arrived extends Known {
  /** In the transaction that adds the row: from its commit on the stores keep the bytes. Otherwise they go. */
  commit(tx: Writer): Promise<void>;
}

/** Figures are counted at most this often, in milliseconds: whoever asks again meanwhile gets the same. */
const COUNT_EVERY = 10_000;

/**
 * Ciphertext in several stores at once. What it holds cannot be read here. A blob is acknowledged once more than half of
 * the stores have it durably; of two, both, or the one that is there while the other is away. See docs/decisions/0015.
 */
export async function openBlobs(options: {
  /** For what is on its way; on the disk of the database. */
  folder: string;
  stores: readonly Store[];
  storage: Storage;
  log: Logger;
  now: () => Date;
  pace?: Partial<Pace>;
}) {
  const { stores, storage, log, now } = options;
  const pace = { ...usual, ...options.pace };
  const closing = new AbortController();
  const copies = openCopies({ storage, now });
  const uploads = await openUploads(options.folder);
  const names = stores.map(({ name }) => name);
  const about = { all: names, copies, pace, now, log, closing: closing.signal };
  const cares = await Promise.all(stores.map((store) => careFor(store, about)));
  const running = cares.map((care) => care.run(inOrder));
  const underWay = new Set<Promise<unknown>>();
  const finishing = new Map<string, Promise<void>>();

  const majority = Math.floor(stores.length / 2) + 1;
  const enough = enoughOf(stores.length);
  const isThere = ({ state }: Care) => state === "up" || state === "full";

  /** Writes to all stores at once, and resolves as soon as it is clear whether enough have it. */
  async function spread(blob: Known, id: string) {
    const how = new Map<string, "kept" | "slow" | "failed">(names.map((name) => [name, "slow"]));
    let full = false;
    const puts = cares.map(async (care) => {
      const { store } = care;
      try {
        if (!isThere(care)) throw new Error("It is away.");
        await within(
          3 * pace.patience,
          (quit, moved) => store.put(blob.key, blob.size, watched(uploads.bytesOf(id), moved), quit),
          closing.signal,
        );
        how.set(store.name, "kept");
      } catch (error) {
        full ||= care.state === "full" || faultOf(error) === "full";
        how.set(store.name, "failed");
        care.doubt();
      }
    });
    const settled = Promise.all(puts);
    const counts = (what: string) => [...how.values()].filter((one) => one === what).length;
    await new Promise<void>((resolve) => {
      const judge = () => {
        const [kept, slow] = [counts("kept"), counts("slow")];
        if (kept >= majority || slow === 0 || kept + slow < enough) resolve();
      };
      for (const put of puts) put.then(judge);
    });
    return { how, settled, refusal: counts("kept") >= enough ? null : full ? "storage.full" : "storage.away" } as const;
  }

  /** What is done in the background with a blob whose row is, or will never be, there. */
  function after(work: Promise<unknown>): void {
    const mine = work
      .catch(
        (error: unknown) => closing.signal.aborted || log.warn({ error: String(error) }, "a blob's books are late"),
      )
      .finally(() => underWay.delete(mine));
    underWay.add(mine);
  }

  async function finish(id: string, hash: string, keep: (arrived: Arrived) => Promise<void>): Promise<void> {
    const found = await uploads.find(id);
    if (!found) throw new Refusal("blob.not-found");
    if (found.received !== found.size) throw new Refusal("blob.mismatch", { received: found.received });
    const digests = await digestsOf(uploads.bytesOf(id));
    if (digests.hash !== hash) throw new Refusal("blob.mismatch");
    const key = `${hash.slice(2)}-${randomBytes(4).toString("hex")}`;
    const blob = { key, size: found.size, pieces: digests.pieces };
    await copies.arrive(key, names);
    const { how, settled, refusal } = await spread(blob, id);
    let slow: string[] | null = null;
    try {
      if (refusal) throw new Refusal(refusal);
      await keep({
        ...blob,
        commit: async (tx) => {
          const then = new Map(how);
          await copies.commit(tx, key, then);
          slow = [...then].flatMap(([name, state]) => (state === "slow" ? [name] : []));
        },
      });
    } catch (error) {
      after(settled.then(() => storage.keepBooks((tx) => copies.drop(tx, key))).then(wake));
      // What had no room or no store may be tried again; what was refused will be refused again.
      if (error instanceof Refusal && !error.code.startsWith("storage.")) await uploads.forget(id);
      throw error;
    }
    await uploads.forget(id);
    after(
      settled.then(async () => {
        if (!slow) await storage.keepBooks((tx) => copies.drop(tx, key));
        for (const name of slow ?? []) await copies.cameLate(key, name, how.get(name) === "kept" ? "kept" : "failed");
        wake();
      }),
    );
  }

  const wake = () => {
    for (const care of cares) care.wake();
  };

  /** Those that say they have it come first, those that are away last; foreign ones never. */
  async function inOrder(key: string): Promise<Store[]> {
    const having = await copies.storesWith(key);
    const rank = (care: Care) => (isThere(care) ? 0 : 2) + (having.has(care.store.name) ? 0 : 1);
    return cares
      .filter(({ state }) => state !== "foreign")
      .sort((a, b) => rank(a) - rank(b))
      .map(({ store }) => store);
  }

  let counted: { at: number; figures: Promise<StoresFigures> } | undefined;

  return {
    find: uploads.find,
    begun: uploads.begun,
    append: uploads.append,
    dropUploads: uploads.drop,
    /** Begins an upload. Refuses one too many at a time, and what has no room or not enough stores. */
    async start(upload: About): Promise<string> {
      const standing = this.standing();
      if (standing === "full" || standing === "away") throw new Refusal(`storage.${standing}`);
      return uploads.start(upload);
    },
    /**
     * Makes the upload a blob in the stores, and hands it to `keep`, which commits it with its row. Refuses when its bytes are not
     * `hash`, and, with the upload kept for another try, when too few stores have it. Who asks again meanwhile waits with the first.
     */
    finish(id: string, hash: string, keep: (arrived: Arrived) => Promise<void>): Promise<void> {
      const asked = `${id} ${hash}`;
      const mine = finishing.get(asked) ?? uploads.alone(id, () => finish(id, hash, keep));
      finishing.set(asked, mine);
      return mine.finally(() => finishing.delete(asked));
    },
    /** In the transaction that deletes the row: the bytes go from every store, as soon as it can be reached. */
    drop: copies.drop,
    /** After that commit: stores that are there delete now, and not when they are looked after next. */
    dropped: wake,
    /** The bytes of a blob; none that was not checked, and the first of them before this resolves. */
    async read(blob: Known): Promise<{ size: number; stream: ReadableStream<Uint8Array> }> {
      const found = (store: Store, fault: ReturnType<typeof faultOf>) => {
        if (fault === "missing" || fault === "damaged") after(copies.found(blob.key, store.name, fault).then(wake));
        else cares.find((care) => care.store === store)?.doubt();
      };
      const options = { patience: pace.patience, signal: closing.signal, found };
      const pieces = verified(blob, await inOrder(blob.key), options);
      const first = await pieces.next().catch((error: unknown) => {
        if (!(error instanceof NowhereRight)) throw error;
        throw new Refusal(error.faults.includes("away") ? "storage.away" : "blob.not-found");
      });
      return { size: blob.size, stream: streamOf(pieces, first) };
    },
    /** Whether a blob would be kept now: by all stores, by enough of them, or not for want of room or of stores. */
    standing(): "ok" | "degraded" | "full" | "away" {
      const up = cares.filter(({ state }) => state === "up").length;
      if (up === stores.length) return "ok";
      if (up >= enough) return "degraded";
      return cares.some(({ state }) => state === "full") ? "full" : "away";
    },
    figures(): Promise<StoresFigures> {
      if (!counted || performance.now() - counted.at > COUNT_EVERY) {
        const figures = copies.figures(names);
        counted = { at: performance.now(), figures };
        figures.catch(() => {
          counted = undefined;
        });
      }
      return counted.figures;
    },
    async close(): Promise<void> {
      closing.abort();
      uploads.close();
      await Promise.all([...running, ...underWay]);
    },
  };
}

async function* watched(bytes: AsyncIterable<Uint8Array>, moved: () => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    moved();
    yield chunk;
    moved();
  }
}
