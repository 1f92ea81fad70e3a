import { and, eq } from "drizzle-orm";
import { actorOf } from "../../lib/audit/actor.ts";
import type { Principal } from "../../lib/auth/person.ts";
import { choiceFor } from "../../lib/consent/grant.ts";
import { Refusal } from "../../lib/refusal.ts";
import type { Blobs } from "../storage/blobs.ts";
import * as tables from "../storage/schema.ts";
import type { Reader, Storage, Writer } from "../storage/storage.ts";
import { isLive, type Whole } from "../storage/whole.ts";

export type Files = ReturnType<typeof openFiles>;

/** Files of a visit: ciphertext in, ciphertext out, each on the trail. */
export function openFiles(options: {
  storage: Storage;
  blobs: Blobs;
  visits: {
    mine(read: Reader, person: Principal, visitId: string): Promise<Whole>;
    lock(tx: Writer, visitId: string): Promise<void>;
  };
  now: () => Date;
}) {
  const { storage, blobs, visits, now } = options;

  async function assertMaySend(read: Reader, person: Principal, visitId: string): Promise<Whole> {
    const w = await visits.mine(read, person, visitId);
    if (!w.consent || !isLive(w, now())) throw new Refusal("consent.not-live");
    if (choiceFor(w.consent.consent.scopes, "file-share") === "deny") throw new Refusal("consent.kind-not-allowed");
    if (w.visit.state !== "in-call") throw new Refusal("visit.wrong-state");
    return w;
  }

  /** Only who began an upload goes on with it; others learn nothing of it. */
  async function myUpload(person: Principal, visitId: string, id: string) {
    await visits.mine(storage.read, person, visitId);
    const found = await blobs.find(id);
    if (!found || found.visitId !== visitId || found.byPatient !== (person.is === "patient"))
      throw new Refusal("blob.not-found");
    return found;
  }

  async function isStored(read: Reader, person: Principal, visitId: string, hash: string): Promise<boolean> {
    const mine = eq(tables.blob.byPatient, person.is === "patient");
    return (
      (await read.$count(tables.blob, and(eq(tables.blob.visitId, visitId), eq(tables.blob.hash, hash), mine))) > 0
    );
  }

  return {
    async start(person: Principal, visitId: string, size: number) {
      await assertMaySend(storage.read, person, visitId);
      return { id: await blobs.start({ visitId, byPatient: person.is === "patient", size }), received: 0 };
    },
    async append(person: Principal, visitId: string, id: string, offset: number, bytes: Uint8Array) {
      await assertMaySend(storage.read, person, visitId);
      await myUpload(person, visitId, id);
      return { received: await blobs.append(id, offset, bytes) };
    },
    /** May be asked again when the answer was lost: what is stored stays stored. */
    async finish(person: Principal, visitId: string, id: string, hash: string) {
      await assertMaySend(storage.read, person, visitId);
      if (await isStored(storage.read, person, visitId, hash)) return {};
      const { size, byPatient } = await myUpload(person, visitId, id);
      await blobs.finish(id, hash);
      try {
        await storage.transact(async (tx, finish) => {
          await visits.lock(tx, visitId);
          // Hashing took its time: the permission must still live when the file is kept.
          const w = await assertMaySend(tx, person, visitId);
          await tx
            .insert(tables.blob)
            .values({ hash, visitId, size, byPatient, storedAt: now() })
            .onConflictDoNothing();
          const entry = { actor: actorOf(person), action: "file.stored", visitId, object: hash } as const;
          return finish({ ...entry, consent: w.consent?.id, detail: { bytes: size } }, null);
        });
      } catch (error) {
        // The same bytes may be kept already, for someone else: only what nobody refers to goes.
        await storage.keepBooks(async (tx) => {
          if ((await tx.$count(tables.blob, eq(tables.blob.hash, hash))) === 0) await blobs.drop(hash);
        });
        throw error;
      }
      return {};
    },
    async read(person: Principal, visitId: string, hash: string) {
      await storage.transact(async (tx, finish) => {
        const w = await visits.mine(tx, person, visitId);
        const [found] = await tx
          .select()
          .from(tables.blob)
          .where(and(eq(tables.blob.visitId, visitId), eq(tables.blob.hash, hash)));
        if (!found) throw new Refusal("blob.not-found");
        return finish(
          { actor: actorOf(person), action: "file.read", visitId, object: hash, consent: w.consent?.id },
          null,
        );
      });
      return blobs.read(hash);
    },
  };
}
