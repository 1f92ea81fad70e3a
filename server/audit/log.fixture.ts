import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { eq, sql } from "drizzle-orm";
import type { House } from "../ledger/ledger.fixture.ts";
import { madeFolder, migrations } from "../storage/made.fixture.ts";
import { entry, trailHead } from "../storage/schema.ts";
import { openStorage, type Storage, type Writer } from "../storage/storage.ts";
import { contractIn } from "./contract.fixture.ts";
import { type Log, type LogOptions, openLog } from "./log.ts";

/** A trail and its log. It looks by itself for nothing: a test says when to seal. */
export interface LogHouse {
  readonly folder: string;
  readonly storage: Storage;
  readonly ledger: LogOptions["ledger"];
  readonly log: Log;
  /** What was logged as an error. */
  readonly alarms: object[];
  /** So many lines more on the trail. */
  happens(times: number): Promise<void>;
  /** Closes the log and opens it again, with what was done to its folder in between. */
  reopen(between?: () => Promise<unknown>): Promise<Log>;
  close(): Promise<void>;
}

const SECRET = `0x${"05".repeat(32)}`;

/** On a file that does what the contract does, unless a house with a ledger is given. */
export async function openLogHouse(house?: House): Promise<LogHouse> {
  const folder = house?.folder ?? (await madeFolder("log"));
  const storage = house?.storage ?? (await openStorage(folder, migrations));
  const ledger = house?.ledger ?? contractIn(folder);
  const alarms: object[] = [];
  const quiet = () => undefined;
  const says = { info: quiet, warn: quiet, error: (facts: object) => alarms.push(facts) };
  const open = () =>
    openLog({
      ...{ storage, ledger, folder, secret: SECRET, now: () => new Date(), log: says, every: null },
      witnessHosts: ["127.0.0.1"],
    });
  let log = await open();
  return {
    folder,
    storage,
    ledger,
    alarms,
    get log() {
      return log;
    },
    happens: (times) =>
      storage.transact((_, finish) => {
        const actor = { is: "system", id: "test" } as const;
        const line = () => ({ actor, action: "store.back", object: randomUUID(), detail: { times } }) as const;
        return finish([line(), ...Array.from({ length: times - 1 }, line)], undefined);
      }),
    reopen: async (between) => {
      await log.close();
      await between?.();
      log = await open();
      return log;
    },
    close: async () => {
      await log.close();
      await (house ?? storage).close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** As whoever has the database would, and not the log: past rights and trigger. */
export function behindItsBack(storage: Storage, change: (tx: Writer) => Promise<unknown>): Promise<void> {
  return withoutTrigger(storage, () => storage.keepBooks(change));
}

export async function withoutTrigger(storage: Storage, work: () => Promise<unknown>): Promise<void> {
  const run = (statement: string) => storage.keepBooks((tx) => tx.execute(sql.raw(statement)));
  await run("RESET ROLE");
  await run('ALTER TABLE "entry" DISABLE TRIGGER trail_only_grows');
  await work();
  await run('ALTER TABLE "entry" ENABLE TRIGGER trail_only_grows');
  await run("SET ROLE assent");
}

/** Back to an older state, as a backup has it. */
export function cutTo(storage: Storage, number: number): Promise<void> {
  return behindItsBack(storage, async (tx) => {
    await tx.execute(sql`DELETE FROM "entry" WHERE "number" > ${number}`);
    await tx.execute(sql`DELETE FROM "checkpoint" WHERE "size" > ${number + 1}`);
    const [last] = await tx.select({ hash: entry.hash }).from(entry).where(eq(entry.number, number));
    await tx.update(trailHead).set({ number, hash: last!.hash });
  });
}
