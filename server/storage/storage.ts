import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { PGlite } from "@electric-sql/pglite";
import { getTableName } from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";
import { drizzle, type PgliteDatabase } from "drizzle-orm/pglite";
import { migrate } from "drizzle-orm/pglite/migrator";
import type { Action, Actor } from "../../lib/audit/entry.ts";
import { Refusal } from "../../lib/refusal.ts";
import { isDiskFull } from "./disk-full.ts";
import { lockFolder } from "./lock.ts";
import { openPGlite } from "./pglite.ts";
import { giveUpRights } from "./rights.ts";
import * as schema from "./schema.ts";
import { assertRoom, reserveFor } from "./space.ts";
import { openStatistics } from "./statistics.ts";
import { openTrail } from "./trail.ts";

type Database = PgliteDatabase<typeof schema>;
export type Transaction = Parameters<Parameters<Database["transaction"]>[0]>[0];

/** Looks, changes nothing. Reads of health data go through `transact`, since they belong on the trail. */
export type Reader = Pick<Database, "select" | "selectDistinct" | "$count">;
/** Changes. Only `transact` and `keepBooks` hand one out. */
export type Writer = Pick<
  Transaction,
  "select" | "selectDistinct" | "insert" | "update" | "delete" | "execute" | "$count"
>;

/** A line for the trail, before it has its number, time and hash. */
export interface NewEntry {
  actor: Actor;
  action: Action;
  visitId?: string | undefined;
  object?: string | undefined;
  consent?: string | undefined;
  refusal?: string | undefined;
  detail?: Record<string, string | number> | undefined;
  /** The act it queued for the ledger. */
  actId?: string | undefined;
}

declare const finished: unique symbol;
/** Proof that a piece of work has its line on the trail. Only `finish` makes one. */
interface Finished<T> {
  readonly [finished]: true;
  readonly value: T;
}
type Finish = <T>(entries: NewEntry | readonly [NewEntry, ...NewEntry[]], value: T) => Promise<Finished<T>>;

export interface Storage {
  /** Looks outside of any transaction. */
  readonly read: Reader;
  /**
   * One transaction with its lines on the trail: a change without a line cannot be spelled. Throws
   * `Refusal("storage.full")`, with nothing changed, when the disk is as good as full.
   */
  transact<T>(work: (tx: Writer, finish: Finish) => Promise<Finished<T>>): Promise<T>;
  /** For what is about no person: outbox states, blocks, sessions. Throws `Refusal("storage.full")` likewise. */
  keepBooks<T>(work: (tx: Writer) => Promise<T>): Promise<T>;
  /**
   * After something was deleted or emptied for good: writes these tables anew and throws away the log of before, so that its
   * bytes are in no file of the database any more. Backups and the disk's own free space are another matter.
   */
  scour(tables: readonly PgTable[]): Promise<void>;
  /** For better-auth's adapter alone. */
  readonly forSessions: Database;
  close(): Promise<void>;
}

/** Opens the database in `folder`, migrated, for this process alone. Throws `FolderInUse`. `now` is the clock of the trail. */
export async function openStorage(
  folder: string,
  migrations: string,
  now: () => Date = () => new Date(),
): Promise<Storage> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const unlock = await lockFolder(folder);
  let client: PGlite;
  try {
    client = await openPGlite(join(folder, "database"));
  } catch (error) {
    unlock();
    throw error;
  }
  const database = drizzle(client, { schema });
  await migrate(database, { migrationsFolder: migrations });
  const statistics = await openStatistics(client);
  await giveUpRights(client);
  const trail = openTrail();
  return {
    read: database,
    forSessions: database,
    transact: async (work) => {
      assertRoom(folder, "always");
      let last = 0;
      const finish =
        (tx: Writer): Finish =>
        async (entries, value) => {
          const lines = [entries].flat() as NewEntry[];
          assertRoom(folder, reserveFor(lines));
          last = await trail.append(tx, lines, now);
          return { value } as Finished<typeof value>;
        };
      const done = await database.transaction((tx) => work(tx, finish(tx))).catch(asRefusal);
      statistics.grown(last);
      return done.value;
    },
    keepBooks: async (work) => {
      assertRoom(folder, "changes");
      return database.transaction(work).catch(asRefusal);
    },
    scour: async (tables) => {
      // Each by itself: none of these may stand in a transaction.
      for (const table of tables) await client.exec(`VACUUM FULL "${getTableName(table)}"`);
      await client.exec("SET wal_recycle = off");
      await client.exec("SELECT pg_switch_wal()");
      await client.exec("CHECKPOINT");
      await client.exec("RESET wal_recycle");
    },
    close: async () => {
      await statistics.over();
      await client.close();
      unlock();
    },
  };
}

/** A disk that fills up under a change: that one is undone. */
function asRefusal(error: unknown): never {
  if (isDiskFull(error)) throw new Refusal("storage.full");
  throw error;
}
