import { and, count, eq, gt, sum } from "drizzle-orm";
import { actorOf } from "../../lib/audit/actor.ts";
import type { Principal } from "../../lib/auth/person.ts";
import { choiceFor } from "../../lib/consent/grant.ts";
import { LARGEST_SEALED } from "../../lib/records/record.ts";
import { Refusal } from "../../lib/refusal.ts";
import type { Blobs } from "../storage/blobs.ts";
import * as tables from "../storage/schema.ts";
import type { Reader, Storage, Writer } from "../storage/storage.ts";
import { isLive, type Whole } from "../storage/whole.ts";

/** What one side of a visit may have stored and under way: as many files, and bytes of ciphertext, in all. */
const SIDE = { files: 50, bytes: 3 * LARGEST_SEALED };
/** Bytes that a doctor may store in any 24 hours, over all visits. */
const DAY = { ms: 86_400_000, bytes: 16 * LARGEST_SEALED };

export type Files = ReturnType<typeof openFiles>;

/** Files of a visit: ciphertext in, ciphertext out, each on the trail. */
export function openFiles(options: {
  storage: Storage;
  blobs: Pick<Blobs, "start" | "find" | "begun" | "append" | "finish" | "read">;
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

  /** Whether these files and bytes fit beside what is stored already. */
  async function assertFits(read: Reader, person: Principal, visitId: string, more: { files: number; bytes: number }) {
    const total = { files: count(), bytes: sum(tables.blob.size).mapWith(Number) };
    const mine = and(eq(tables.blob.visitId, visitId), eq(tables.blob.byPatient, person.is === "patient"));
    const [side] = await read.select(total).from(tables.blob).where(mine);
    if ((side?.files ?? 0) + more.files > SIDE.files || (side?.bytes ?? 0) + more.bytes > SIDE.bytes)
      throw new Refusal("blob.visit-full");
    if (person.is !== "staff") return;
    const [day] = await read
      .select(total)
      .from(tables.blob)
      .innerJoin(tables.visit, eq(tables.visit.id, tables.blob.visitId))
      .where(
        and(
          eq(tables.visit.clinicianId, person.id),
          eq(tables.blob.byPatient, false),
          gt(tables.blob.storedAt, new Date(now().getTime() - DAY.ms)),
        ),
      );
    if ((day?.bytes ?? 0) + more.bytes > DAY.bytes) throw new Refusal("blob.person-full");
  }

  /** Only who began an upload goes on with it; others learn nothing of it. */
  async function myUpload(person: Principal, visitId: string, id: string) {
    await visits.mine(storage.read, person, visitId);
    const found = await blobs.find(id);
    return found?.visitId === visitId && found.byPatient === (person.is === "patient") ? found : null;
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
      const byPatient = person.is === "patient";
      const begun = (await blobs.begun(visitId)).filter((one) => one.byPatient === byPatient);
      const bytes = begun.reduce((sum, one) => sum + one.size, size);
      await assertFits(storage.read, person, visitId, { files: begun.length + 1, bytes });
      return { id: await blobs.start({ visitId, byPatient, size }), received: 0 };
    },
    /** What arrived before a line broke has arrived; who goes on elsewhere than there is told where that is. */
    async append(
      person: Principal,
      visitId: string,
      id: string,
      piece: { offset: number; bytes: AsyncIterable<Uint8Array> },
    ) {
      await assertMaySend(storage.read, person, visitId);
      if (!(await myUpload(person, visitId, id))) throw new Refusal("blob.not-found");
      return { received: await blobs.append(id, piece.offset, piece.bytes) };
    },
    /** May be asked again when the answer was lost: what is stored stays stored. */
    async finish(person: Principal, visitId: string, id: string, hash: string) {
      await assertMaySend(storage.read, person, visitId);
      const upload = await myUpload(person, visitId, id);
      if (await isStored(storage.read, person, visitId, hash)) return {};
      if (!upload) throw new Refusal("blob.not-found");
      const { size, byPatient } = upload;
      await blobs.finish(id, hash, ({ key, pieces, commit }) =>
        storage.transact(async (tx, finish) => {
          await visits.lock(tx, visitId);
          // Hashing and copying took their time: the permission must still live when the file is kept.
          const w = await assertMaySend(tx, person, visitId);
          await assertFits(tx, person, visitId, { files: 1, bytes: size });
          const row = { hash, visitId, size, byPatient, key, pieces, storedAt: now() };
          const added = await tx
            .insert(tables.blob)
            .values(row)
            .onConflictDoNothing()
            .returning({ key: tables.blob.key });
          if (added.length > 0) await commit(tx);
          const entry = { actor: actorOf(person), action: "file.stored", visitId, object: hash } as const;
          return finish({ ...entry, consent: w.consent?.id, detail: { bytes: size } }, undefined);
        }),
      );
      return {};
    },
    async read(person: Principal, visitId: string, hash: string) {
      const found = await storage.transact(async (tx, finish) => {
        const w = await visits.mine(tx, person, visitId);
        const [found] = await tx
          .select()
          .from(tables.blob)
          .where(and(eq(tables.blob.visitId, visitId), eq(tables.blob.hash, hash)));
        if (!found) throw new Refusal("blob.not-found");
        const entry = { actor: actorOf(person), action: "file.read", visitId, object: hash } as const;
        return finish({ ...entry, consent: w.consent?.id }, found);
      });
      return blobs.read(found);
    },
  };
}
