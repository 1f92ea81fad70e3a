import { randomUUID } from "node:crypto";
import { asc, eq } from "drizzle-orm";
import { actorOf } from "../../lib/audit/actor.ts";
import { addWitness, readLogStanding, removeWitness } from "../../lib/audit/api.ts";
import { readKeyText, readWitnessKey } from "../../lib/audit/note.ts";
import { Refusal } from "../../lib/refusal.ts";
import type { Door } from "../http.ts";
import { isInside } from "../outside.ts";
import { witness as witnesses } from "../storage/schema.ts";
import type { Reader, Storage } from "../storage/storage.ts";
import type { Log } from "./log.ts";

/** More than that would make every checkpoint long. */
const MOST = 8;

interface Rooms {
  storage: Storage;
  log: Log;
  /** Hosts that may be asked wherever they are. */
  named: readonly string[];
  now: () => Date;
}

/** How the log stands, and its witnesses: an admin adds them by URL and key, and takes them away. */
export function answerWitnesses(door: Door, rooms: Rooms): void {
  const { storage, log, named, now } = rooms;
  door.on(readLogStanding, "admin", async () => {
    const { size, signedAt, anchored, halt } = log.standing();
    return {
      signed: Math.max(0, size - 1),
      signedAt: signedAt?.toISOString() ?? null,
      anchored: anchored === null ? null : anchored - 1,
      halt,
      key: log.key,
      witnesses: await all(storage.read),
    };
  });
  door.on(addWitness, "admin", ({ url, key }, staff) =>
    storage.transact(async (tx, finish) => {
      if (!isWitnessKey(key, readKeyText(log.key).name)) throw new Refusal("witness.no-key");
      if (isInside(url, named)) throw new Refusal("witness.inside");
      const there = await all(tx);
      if (there.length >= MOST) throw new Refusal("witness.too-many");
      if (there.some((one) => one.key === key)) throw new Refusal("witness.known");
      const id = randomUUID();
      await tx.insert(witnesses).values({ id, url, key, addedAt: now() });
      const line = { actor: actorOf(staff), action: "witness.added", object: id, detail: { key } } as const;
      return finish(line, { witnesses: await all(tx) });
    }),
  );
  door.on(removeWitness, "admin", ({ id }, staff) =>
    storage.transact(async (tx, finish) => {
      const [gone] = await tx.delete(witnesses).where(eq(witnesses.id, id)).returning();
      if (!gone) throw new Refusal("request.not-found");
      const line = { actor: actorOf(staff), action: "witness.removed", object: id, detail: { key: gone.key } } as const;
      return finish(line, { witnesses: await all(tx) });
    }),
  );
}

async function all(read: Reader) {
  const rows = await read.select().from(witnesses).orderBy(asc(witnesses.addedAt));
  return rows.map(({ addedAt, cosignedAt, ...row }) => ({
    ...row,
    addedAt: addedAt.toISOString(),
    cosignedAt: cosignedAt?.toISOString() ?? null,
  }));
}

/** A key of a witness: not one that goes by the log's own name, whose lines could be taken for the log's. */
function isWitnessKey(key: string, log: string): boolean {
  const witness = readWitnessKey(key);
  return witness !== null && witness.name !== log;
}
