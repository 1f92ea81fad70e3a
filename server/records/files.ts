import { and, eq } from "drizzle-orm";
import { actorOf } from "../../lib/audit/actor.ts";
import type { Person } from "../../lib/auth/person.ts";
import { choiceFor } from "../../lib/consent/grant.ts";
import { Refusal } from "../../lib/refusal.ts";
import type { Blobs } from "../storage/blobs.ts";
import * as tables from "../storage/schema.ts";
import type { Reader, Storage } from "../storage/storage.ts";
import { isLive, type Whole } from "../storage/whole.ts";

export type Files = ReturnType<typeof openFiles>;

/** Files of a visit: ciphertext in, ciphertext out, each on the trail. */
export function openFiles(options: {
  storage: Storage;
  blobs: Blobs;
  visits: { mine(read: Reader, person: Person, visitId: string): Promise<Whole> };
  now: () => Date;
}) {
  const { storage, blobs, visits, now } = options;

  async function assertMaySend(person: Person, visitId: string): Promise<void> {
    const w = await visits.mine(storage.read, person, visitId);
    if (!w.consent || !isLive(w, now())) throw new Refusal("consent.not-live");
    if (choiceFor(w.consent.consent.scopes, "file-share") === "deny") throw new Refusal("consent.kind-not-allowed");
    if (w.visit.state !== "in-call") throw new Refusal("visit.wrong-state");
  }

  /** Only who began an upload goes on with it; others learn nothing of it. */
  async function myUpload(person: Person, visitId: string, id: string) {
    await visits.mine(storage.read, person, visitId);
    const found = await blobs.find(id);
    if (!found || found.visitId !== visitId || found.byPatient !== (person.is === "patient"))
      throw new Refusal("blob.not-found");
    return found;
  }

  async function isStored(person: Person, visitId: string, hash: string): Promise<boolean> {
    await visits.mine(storage.read, person, visitId);
    const row = and(
      eq(tables.blob.visitId, visitId),
      eq(tables.blob.hash, hash),
      eq(tables.blob.byPatient, person.is === "patient"),
    );
    return (await storage.read.$count(tables.blob, row)) > 0;
  }

  return {
    async start(person: Person, visitId: string, size: number) {
      await assertMaySend(person, visitId);
      return { id: await blobs.start({ visitId, byPatient: person.is === "patient", size }), received: 0 };
    },
    async append(person: Person, visitId: string, id: string, offset: number, bytes: Uint8Array) {
      await myUpload(person, visitId, id);
      return { received: await blobs.append(id, offset, bytes) };
    },
    async finish(person: Person, visitId: string, id: string, hash: string) {
      // Asked again because the answer was lost: what is stored stays stored.
      if (await isStored(person, visitId, hash)) return {};
      const upload = await myUpload(person, visitId, id);
      await assertMaySend(person, visitId);
      await blobs.finish(id, hash);
      await storage.transact(async (tx, finish) => {
        const w = await visits.mine(tx, person, visitId);
        const row = { hash, visitId, size: upload.size, byPatient: upload.byPatient, storedAt: now() };
        await tx.insert(tables.blob).values(row).onConflictDoNothing();
        return finish(
          {
            actor: actorOf(person),
            action: "file.stored",
            visitId,
            object: hash,
            consent: w.consent?.id,
            detail: { bytes: upload.size },
          },
          null,
        );
      });
      return {};
    },
    async read(person: Person, visitId: string, hash: string) {
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
