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

  /** How much fits beside what is stored already: of this side in the visit, and of a doctor in a day. */
  async function roomOf(read: Reader, person: Principal, visitId: string) {
    const total = { files: count(), bytes: sum(tables.blob.size).mapWith(Number) };
    const mine = and(eq(tables.blob.visitId, visitId), eq(tables.blob.byPatient, person.is === "patient"));
    const [side] = await read.select(total).from(tables.blob).where(mine);
    const room = { files: SIDE.files - (side?.files ?? 0), bytes: SIDE.bytes - (side?.bytes ?? 0), today: Infinity };
    if (person.is !== "staff") return room;
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
    return { ...room, today: DAY.bytes - (day?.bytes ?? 0) };
  }

  /** What this side has begun and not finished. */
  async function underWay(person: Principal, visitId: string) {
    const begun = (await blobs.begun(visitId)).filter((one) => one.byPatient === (person.is === "patient"));
    return { files: begun.length, bytes: begun.reduce((sum, one) => sum + one.size, 0) };
  }

  async function assertFits(read: Reader, person: Principal, visitId: string, more: { files: number; bytes: number }) {
    const { files, bytes, today } = await roomOf(read, person, visitId);
    if (more.files > files || more.bytes > bytes) throw new Refusal("blob.visit-full");
    if (more.bytes > today) throw new Refusal("blob.person-full");
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
      const begun = await underWay(person, visitId);
      const more = { files: begun.files + 1, bytes: begun.bytes + size };
      await assertFits(storage.read, person, visitId, more);
      return { id: await blobs.start({ visitId, byPatient: person.is === "patient", size }), received: 0 };
    },
    /** What whoever asks may still send, so that they hear of a full visit before they send, not after. */
    async room(person: Principal, visitId: string) {
      await assertMaySend(storage.read, person, visitId);
      const [{ files, bytes, today }, begun] = await Promise.all([
        roomOf(storage.read, person, visitId),
        underWay(person, visitId),
      ]);
      const left = Math.min(bytes, today) - begun.bytes;
      return { files: Math.max(0, files - begun.files), bytes: Math.max(0, left) };
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
