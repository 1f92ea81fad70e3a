import { closeSync, existsSync, fsyncSync, openSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { PGlite, type QueryOptions, type Results, type Transaction } from "@electric-sql/pglite";
import { NodeFS } from "@electric-sql/pglite/nodefs";

/** fsync calls seen since the process began: the start-up check reads it. */
let fsyncs = 0;

/** What Emscripten's fsync is called with: folders have no descriptor of the host. */
interface Stream {
  nfd?: number;
  node: unknown;
}

/**
 * PGlite never calls fsync: its file system's fsync does nothing. This one does, so that a commit survives a power cut as
 * well as a killed process. `durable.test.ts` counts the system calls; the version is pinned because this reaches inside.
 */
class DurableFS extends NodeFS {
  override async init(...args: Parameters<NodeFS["init"]>): ReturnType<NodeFS["init"]> {
    const made = await super.init(...args);
    const preRun = made.emscriptenOpts.preRun as ((module: unknown) => void)[];
    preRun.push((module) => {
      const { NODEFS } = module as { NODEFS: { stream_ops: Record<string, unknown>; realPath(node: unknown): string } };
      NODEFS.stream_ops.fsync = (stream: Stream) => {
        if (stream.nfd !== undefined) fsyncSync(stream.nfd);
        else sync(NODEFS.realPath(stream.node));
        fsyncs += 1;
        return 0;
      };
    });
    return made;
  }
}

/** Writes the database's log through to the disk, up to here. */
const WRITE_THROUGH = "SELECT pg_logical_emit_message(false, '', '', true)";

/**
 * Transactions that wait for each other share one writing through to the disk, which is what takes time. None is over before
 * that, and nothing that was read is told before what it was read from is on the disk.
 */
class DurablePGlite extends PGlite {
  /** Something was committed since the last writing through. Changed by whoever has the database for themselves alone. */
  #behind = false;
  /** The next writing through, as long as it has not begun: whoever was committed by then is part of it. */
  #next: Promise<void> | null = null;

  /** Transactions that have not begun. */
  #waiting = 0;

  override async transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    let waits = true;
    const begin = () => {
      if (waits) this.#waiting -= 1;
      waits = false;
    };
    this.#waiting += 1;
    try {
      return await super.transaction(async (tx) => {
        begin();
        const done = await work(tx);
        // Nobody who would share it: the commit is written through by itself.
        if (this.#waiting === 0) return done;
        await tx.exec("SET LOCAL synchronous_commit = off");
        this.#behind = true;
        return done;
      });
    } finally {
      begin();
      await this.#written();
    }
  }

  override async query<T>(asked: string, params?: unknown[], options?: QueryOptions): Promise<Results<T>> {
    const found = await super.query<T>(asked, params, options);
    await this.#written();
    return found;
  }

  override async exec(statements: string, options?: QueryOptions): Promise<Results[]> {
    const done = await super.exec(statements, options);
    await this.#written();
    return done;
  }

  async #written(): Promise<void> {
    if (!this.#behind) return;
    this.#next ??= super.transaction(async (tx) => {
      this.#next = null;
      await tx.query(WRITE_THROUGH);
      this.#behind = false;
    });
    await this.#next;
  }
}

/** Opens the embedded PostgreSQL in `folder`. A first initdb that is cut short leaves nothing behind that could be mistaken for a database. */
export async function openPGlite(folder: string): Promise<PGlite> {
  const fresh = `${folder}.new`;
  await rm(fresh, { recursive: true, force: true });
  if (!existsSync(folder)) {
    await mkdir(dirname(folder), { recursive: true, mode: 0o700 });
    const first = await PGlite.create({ fs: new DurableFS(fresh) });
    await first.close();
    // Commits write the log through, not the files it applies to: those must be on the disk before the first commit is.
    for (const name of await readdir(fresh, { recursive: true })) sync(join(fresh, name));
    sync(fresh);
    await rename(fresh, folder);
    sync(dirname(folder));
  }
  const startParams = [...PGlite.defaultStartParams.filter((flag) => flag !== "-F"), "-c", "wal_sync_method=fsync"];
  const database = new DurablePGlite({ fs: new DurableFS(folder), startParams });
  await database.waitReady;
  await assertDurable(database);
  return database;
}

/** A commit that does not reach the disk is not durable: refuse to start on one. */
async function assertDurable(database: PGlite): Promise<void> {
  await database.exec("CREATE TABLE IF NOT EXISTS durability_check (at timestamptz)");
  const before = fsyncs;
  await database.exec("BEGIN; DELETE FROM durability_check; INSERT INTO durability_check VALUES (now()); COMMIT");
  if (fsyncs === before)
    throw new Error("The embedded database does not write through to the disk. Refusing to start.");
}

/** Writes a file or a folder through to the disk. */
function sync(path: string): void {
  const handle = openSync(path, "r");
  fsyncSync(handle);
  closeSync(handle);
}
