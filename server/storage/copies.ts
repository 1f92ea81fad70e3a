import { randomBytes } from "node:crypto";
import { and, count, eq, inArray, isNull, lte, min, notExists, sql, sum } from "drizzle-orm";
import type { StoreFigures } from "../../lib/audit/stores.ts";
import type { Known } from "./pieces.ts";
import { blob, blobCopy, blobStore } from "./schema.ts";
import type { Storage, Writer } from "./storage.ts";

export type Copies = ReturnType<typeof openCopies>;

/** What is to be done about one store's copy of a blob; `blob` is null when no row refers to it any more. */
export interface Task {
  key: string;
  state: "arriving" | "owed" | "kept" | "drop";
  blob: Known | null;
}

/** What bad news does first. A file that is read again only now and then comes last. */
const ORDER = ["drop", "owed", "arriving", "kept"] as const;
const BATCH = 50;
/** Milliseconds after which a blob that is being written is given up, and one whose last stores are slow is copied anew. */
const ARRIVES_WITHIN = 86_400_000;
const SLOW_WITHIN = 900_000;

const keeper = { is: "system", id: "stores" } as const;

/** The books of what is where: every change of a copy is a row before it is bytes, and after they are gone. */
export function openCopies({ storage, now }: { storage: Storage; now: () => Date }) {
  const { read, keepBooks } = storage;
  const later = (ms: number) => new Date(now().getTime() + ms);
  const copyOf = (key: string, store: string) => and(eq(blobCopy.key, key), eq(blobCopy.store, store));
  const referred = () => read.select({ key: blob.key }).from(blob).where(eq(blob.key, blobCopy.key));

  const move = (key: string, store: string, from: Task["state"], to: { state: Task["state"]; due: Date }) =>
    keepBooks((tx) =>
      tx
        .update(blobCopy)
        .set(to)
        .where(and(copyOf(key, store), eq(blobCopy.state, from))),
    );

  return {
    /** Before the first byte of a blob goes to any store. */
    arrive: (key: string, stores: readonly string[]) =>
      keepBooks((tx) =>
        tx
          .insert(blobCopy)
          .values(stores.map((store) => ({ key, store, state: "arriving" as const, due: later(ARRIVES_WITHIN) }))),
      ),
    /**
     * Makes the copies of a blob count, in the transaction that adds its row. Throws when they were given up meanwhile: a row
     * never refers to bytes that are on their way out.
     */
    async commit(tx: Writer, key: string, stores: ReadonlyMap<string, "kept" | "slow" | "failed">): Promise<void> {
      let moved = 0;
      for (const [store, how] of stores) {
        const to =
          how === "kept"
            ? { state: "kept" as const, due: now() }
            : { state: "owed" as const, due: how === "slow" ? later(SLOW_WITHIN) : now() };
        const mine = and(copyOf(key, store), eq(blobCopy.state, "arriving"));
        moved += (await tx.update(blobCopy).set(to).where(mine).returning({ key: blobCopy.key })).length;
        if (how === "failed") await tx.update(blobStore).set({ whole: false }).where(eq(blobStore.name, store));
      }
      if (moved !== stores.size) throw new Error("The bytes of a blob were given up before its row was there.");
    },
    /** A store that was slow has it after all, or has failed. */
    cameLate: (key: string, store: string, how: "kept" | "failed") =>
      keepBooks(async (tx) => {
        const to = { state: how === "kept" ? ("kept" as const) : ("owed" as const), due: now() };
        await tx
          .update(blobCopy)
          .set(to)
          .where(and(copyOf(key, store), eq(blobCopy.state, "owed")));
        if (how === "failed") await tx.update(blobStore).set({ whole: false }).where(eq(blobStore.name, store));
      }),
    /** Nobody wants this blob any more; its row is gone, or never was. Stores that are away are told when they are back. */
    drop: (tx: Writer, key: string) =>
      tx.update(blobCopy).set({ state: "drop", due: now() }).where(eq(blobCopy.key, key)),

    /** What a store needs next: nothing, or a few of the most urgent sort. */
    async tasks(store: string): Promise<Task[]> {
      for (const state of ORDER) {
        const found = await read
          .select({ key: blobCopy.key, state: blobCopy.state, size: blob.size, pieces: blob.pieces })
          .from(blobCopy)
          .leftJoin(blob, eq(blob.key, blobCopy.key))
          .where(and(eq(blobCopy.store, store), eq(blobCopy.state, state), lte(blobCopy.due, now())))
          .orderBy(blobCopy.due)
          .limit(BATCH);
        if (found.length > 0)
          return found.map(({ key, state, size, pieces }) => ({
            key,
            state,
            blob: size === null || pieces === null ? null : { key, size, pieces },
          }));
      }
      return [];
    },
    /** Which stores say that they have it. */
    async storesWith(key: string): Promise<Set<string>> {
      const mine = and(eq(blobCopy.key, key), eq(blobCopy.state, "kept"));
      return new Set(
        (await read.select({ store: blobCopy.store }).from(blobCopy).where(mine)).map(({ store }) => store),
      );
    },
    move,
    postpone: (key: string, store: string, ms: number) =>
      keepBooks((tx) =>
        tx
          .update(blobCopy)
          .set({ due: later(ms) })
          .where(copyOf(key, store)),
      ),
    /** Read and found whole, several at once: a look at all files is no burden for the database. */
    async checked(keys: readonly string[], store: string, lookEvery: number): Promise<void> {
      if (keys.length === 0) return;
      const mine = and(inArray(blobCopy.key, [...keys]), eq(blobCopy.store, store), eq(blobCopy.state, "kept"));
      await keepBooks((tx) =>
        tx
          .update(blobCopy)
          .set({ checkedAt: now(), due: later(lookEvery) })
          .where(mine),
      );
    },
    /** Copied from another store, and not read from this one yet. */
    repaired: (key: string, store: string) =>
      keepBooks(async (tx) => {
        const owed = and(copyOf(key, store), eq(blobCopy.state, "owed"));
        const done = await tx
          .update(blobCopy)
          .set({ state: "kept", due: now(), checkedAt: null })
          .where(owed)
          .returning({ key: blobCopy.key });
        if (done.length === 0) return;
        await tx
          .update(blobStore)
          .set({ repaired: sql`${blobStore.repaired} + 1` })
          .where(eq(blobStore.name, store));
      }),
    gone: (key: string, store: string) =>
      keepBooks((tx) => tx.delete(blobCopy).where(and(copyOf(key, store), eq(blobCopy.state, "drop")))),
    /** A copy is not there, or not what it was: the store owes it. The first since all was well has its line on the trail. */
    async found(key: string, store: string, fault: "missing" | "damaged"): Promise<void> {
      const note = async (tx: Writer) => {
        const owed = await tx
          .update(blobCopy)
          .set({ state: "owed", due: now() })
          .where(and(copyOf(key, store), eq(blobCopy.state, "kept")))
          .returning({ key: blobCopy.key });
        if (owed.length === 0) return;
        await tx
          .update(blobStore)
          .set({ whole: false, [fault]: sql`${blobStore[fault]} + 1` })
          .where(eq(blobStore.name, store));
      };
      const [known] = await read.select({ whole: blobStore.whole }).from(blobStore).where(eq(blobStore.name, store));
      if (!known?.whole) return keepBooks(note);
      await storage.transact(async (tx, finish) => {
        await note(tx);
        return finish({ actor: keeper, action: "store.damaged", detail: { store, fault } }, undefined);
      });
    },
    /** Says so on the trail once nothing is owed to a store that something was owed to. */
    async wholeAgain(store: string): Promise<void> {
      const [known] = await read.select().from(blobStore).where(eq(blobStore.name, store));
      const owed = and(eq(blobCopy.store, store), eq(blobCopy.state, "owed"));
      if (!known || known.whole || (await read.$count(blobCopy, owed)) > 0) return;
      const { missing, damaged, repaired } = known;
      await storage.transact(async (tx, finish) => {
        await tx.update(blobStore).set({ whole: true }).where(eq(blobStore.name, store));
        const detail = { store, missing, damaged, repaired };
        return finish({ actor: keeper, action: "store.repaired", detail }, undefined);
      });
    },

    /** What we know of a store, from its first day on; `fresh` when that is today. */
    async meet(store: string) {
      const values = { name: store, mark: randomBytes(16).toString("hex"), state: "up" as const, since: now() };
      const made = await keepBooks((tx) => tx.insert(blobStore).values(values).onConflictDoNothing().returning());
      const [known] = await read.select().from(blobStore).where(eq(blobStore.name, store));
      return { ...known!, fresh: made.length > 0 };
    },
    /**
     * What another store of ours, not among `all`, was called before it moved: a restored backup, a folder on a new disk. Its
     * books become this one's, and each blob is looked at. False when nobody here left that mark.
     */
    moved: (store: string, mark: string, all: readonly string[]): Promise<boolean> =>
      keepBooks(async (tx) => {
        const [before] = await tx.select().from(blobStore).where(eq(blobStore.mark, mark));
        if (!before) return false;
        if (all.includes(before.name)) return true; // a copy of a store that is still there: it owes everything, as new ones do
        const old = eq(blobCopy.store, before.name);
        const known = tx.select({ key: blobCopy.key }).from(blobCopy).where(old);
        await tx.delete(blobCopy).where(and(eq(blobCopy.store, store), inArray(blobCopy.key, known)));
        await tx.update(blobCopy).set({ store, due: now() }).where(old);
        await tx.delete(blobStore).where(eq(blobStore.name, before.name));
        return true;
      }),
    /** A store that was not there before owes every blob. */
    oweAll: (store: string) =>
      keepBooks((tx) =>
        tx.execute(sql`
          INSERT INTO ${blobCopy} (key, store, state, due)
          SELECT ${blob.key}, ${store}, 'owed', ${now().toISOString()}::timestamptz FROM ${blob}
          WHERE NOT EXISTS (SELECT 1 FROM ${blobCopy} c WHERE c.key = ${blob.key} AND c.store = ${store})
          ON CONFLICT DO NOTHING`),
      ),
    /** Its mark is gone, so its blobs may be: each is looked at now. */
    doubtAll: (store: string) =>
      keepBooks((tx) =>
        tx
          .update(blobCopy)
          .set({ due: now() })
          .where(and(eq(blobCopy.store, store), eq(blobCopy.state, "kept"))),
      ),
    tell: (store: string, state: StoreFigures["state"], since: Date) =>
      storage.transact(async (tx, finish) => {
        await tx.update(blobStore).set({ state, since }).where(eq(blobStore.name, store));
        const detail: Record<string, string> = state === "up" ? { store } : { store, why: state };
        return finish({ actor: keeper, action: state === "up" ? "store.back" : "store.lost", detail }, undefined);
      }),

    /** Where the look for bytes without a row stands; null while none is due. */
    async sweepFrom(store: string, every: number): Promise<string | null> {
      const [known] = await read.select().from(blobStore).where(eq(blobStore.name, store));
      if (!known) return null;
      const due = known.sweptAt === null || known.sweptAt.getTime() + every <= now().getTime();
      return known.sweptTo !== "" || due ? known.sweptTo : null;
    },
    /** Of these, which a store has, those without a row go after `grace` ms: as long as an older backup may be a mistake. */
    swept: (store: string, keys: readonly string[], next: string | null, grace: number) =>
      keepBooks(async (tx) => {
        if (keys.length > 0)
          await tx
            .insert(blobCopy)
            .values(keys.map((key) => ({ key, store, state: "drop" as const, due: later(grace) })))
            .onConflictDoNothing();
        await tx
          .update(blobStore)
          .set(next === null ? { sweptTo: "", sweptAt: now() } : { sweptTo: next })
          .where(eq(blobStore.name, store));
      }),
    async unknown(store: string, keys: readonly string[]): Promise<string[]> {
      if (keys.length === 0) return [];
      const mine = and(eq(blobCopy.store, store), inArray(blobCopy.key, [...keys]));
      const known = new Set(
        (await read.select({ key: blobCopy.key }).from(blobCopy).where(mine)).map(({ key }) => key),
      );
      return keys.filter((key) => !known.has(key));
    },

    /** Of each store in figures; and how many blobs no store is known to have whole. */
    async figures(stores: readonly string[]): Promise<{ stores: StoreFigures[]; lost: number }> {
      const known = await read
        .select()
        .from(blobStore)
        .where(inArray(blobStore.name, [...stores]));
      const rows = await read
        .select({
          store: blobCopy.store,
          state: blobCopy.state,
          files: count(),
          bytes: sum(blob.size).mapWith(Number),
          unread: sql<number>`count(*) FILTER (WHERE ${isNull(blobCopy.checkedAt)})`.mapWith(Number),
          oldest: min(blobCopy.checkedAt),
        })
        .from(blobCopy)
        .leftJoin(blob, eq(blob.key, blobCopy.key))
        .groupBy(blobCopy.store, blobCopy.state);
      const kept = and(eq(blobCopy.key, blob.key), eq(blobCopy.state, "kept"));
      const whole = read.select({ key: blobCopy.key }).from(blobCopy).where(kept);
      return {
        lost: await read.$count(blob, notExists(whole)),
        stores: known
          .sort((a, b) => stores.indexOf(a.name) - stores.indexOf(b.name))
          .map(({ name, state, since, missing, damaged, repaired }) => {
            const of = (what: Task["state"]) => rows.find((row) => row.store === name && row.state === what);
            const { files = 0, bytes = 0, unread = 0, oldest = null } = of("kept") ?? {};
            const totals = { missing, damaged, repaired, owed: of("owed")?.files ?? 0 };
            const checked = { unread, checkedSince: oldest?.toISOString() ?? null };
            return { name, state, since: since.toISOString(), files, bytes: bytes ?? 0, ...totals, ...checked };
          }),
      };
    },
    /** For `arriving` whose time is over: nobody finished it. */
    giveUp: (key: string, store: string) =>
      keepBooks((tx) =>
        tx
          .update(blobCopy)
          .set({ state: "drop", due: now() })
          .where(and(copyOf(key, store), eq(blobCopy.state, "arriving"), notExists(referred()))),
      ),
  };
}
