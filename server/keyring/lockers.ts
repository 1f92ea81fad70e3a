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
  const perAddress = new RateLimiterMemory({ points: 30, duration: 3600 });
  const sparing = async (http: Http) => {
    await perAddress.consume(http.req.header("x-real-ip") ?? "").catch(() => {
      throw new Refusal("request.too-many");
    });
  };
  const hashOf = (id: string) => `0x${createHash("sha256").update(id).digest("hex")}`;

  door.on(keepLocker, "anyone", async ({ id, sealed }, _, http) => {
    await sparing(http);
    const hash = hashOf(id);
    return storage.transact(async (tx, finish) => {
      await tx.insert(tables.locker).values({ hash, sealed, keptAt: now() }).onConflictDoNothing();
      const [kept] = await tx.select().from(tables.locker).where(eq(tables.locker.hash, hash));
      if (kept?.sealed !== sealed) throw new Refusal("locker.taken");
      return finish({ actor: nobody, action: "locker.kept", object: hash }, {});
    });
  });
  door.on(openLocker, "anyone", async ({ id }, _, http) => {
    await sparing(http);
    const hash = hashOf(id);
    return storage.transact(async (tx, finish) => {
      const [kept] = await tx.select().from(tables.locker).where(eq(tables.locker.hash, hash));
      if (!kept) throw new Refusal("locker.not-found");
      return finish({ actor: nobody, action: "locker.opened", object: hash }, { sealed: kept.sealed });
    });
  });
  door.on(dropLocker, "anyone", async ({ id }, _, http) => {
    await sparing(http);
    const hash = hashOf(id);
    return storage.transact(async (tx, finish) => {
      await tx.delete(tables.locker).where(eq(tables.locker.hash, hash));
      return finish({ actor: nobody, action: "locker.dropped", object: hash }, {});
    });
  });
}
