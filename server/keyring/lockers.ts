import { createHash } from "node:crypto";
import { eq } from "drizzle-orm";
import { RateLimiterMemory } from "rate-limiter-flexible";
import { dropLocker, keepLocker, openLocker } from "../../lib/keyring/api.ts";
import { Refusal } from "../../lib/refusal.ts";
import type { Door, Http } from "../http.ts";
import * as tables from "../storage/schema.ts";
import type { Storage } from "../storage/storage.ts";

const nobody = { is: "nobody", id: "stranger" } as const;

/**
 * What passkeys open, for people who have no account. Whoever knows a locker's id may have its content, which is ciphertext;
 * whoever reads this table learns neither ids nor whose they are.
 */
export function answerLockers(door: Door, { storage, now }: { storage: Storage; now: () => Date }): void {
  /** An address that keeps many is not a person with a phone. */
  const kept = new RateLimiterMemory({ points: 30, duration: 3600 });
  /** An id has 256 bits: who knows one is never kept out because others behind the same address guess. */
  const guessed = new RateLimiterMemory({ points: 20, duration: 3600 });
  const spare = async (limit: RateLimiterMemory, http: Http) => {
    await limit.consume(http.req.header("x-real-ip") ?? "").catch(() => {
      throw new Refusal("request.too-many");
    });
  };
  const hashOf = (id: string) => `0x${createHash("sha256").update(id).digest("hex")}`;

  door.on(keepLocker, "anyone", async ({ id, sealed }, _, http) => {
    await spare(kept, http);
    const hash = hashOf(id);
    return storage.transact(async (tx, finish) => {
      await tx.insert(tables.locker).values({ hash, sealed, keptAt: now() }).onConflictDoNothing();
      const [row] = await tx.select().from(tables.locker).where(eq(tables.locker.hash, hash));
      if (row?.sealed !== sealed) throw new Refusal("locker.taken");
      return finish({ actor: nobody, action: "locker.kept", object: hash }, {});
    });
  });
  door.on(openLocker, "anyone", async ({ id }, _, http) => {
    const hash = hashOf(id);
    if ((await storage.read.$count(tables.locker, eq(tables.locker.hash, hash))) === 0) await spare(guessed, http);
    return storage.transact(async (tx, finish) => {
      const [row] = await tx.select().from(tables.locker).where(eq(tables.locker.hash, hash));
      if (!row) throw new Refusal("locker.not-found");
      return finish({ actor: nobody, action: "locker.opened", object: hash }, { sealed: row.sealed });
    });
  });
  door.on(dropLocker, "anyone", async ({ id }, _, http) => {
    await spare(kept, http);
    const hash = hashOf(id);
    return storage.transact(async (tx, finish) => {
      await tx.delete(tables.locker).where(eq(tables.locker.hash, hash));
      return finish({ actor: nobody, action: "locker.dropped", object: hash }, {});
    });
  });
}
