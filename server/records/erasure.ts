import { randomBytes } from "node:crypto";
import { and, asc, desc, eq, inArray, isNotNull, isNull } from "drizzle-orm";
import type * as z from "zod/mini";
import { actorOf } from "../../lib/audit/actor.ts";
import type { Patient, Staff } from "../../lib/auth/person.ts";
import { openingFault } from "../../lib/keyring/opening.ts";
import {
  askErasure,
  type Certificate,
  confirmErasure,
  contentOf,
  erasureOf,
  listErasures,
  ofLedger,
  readErasure,
  withdrawErasure,
} from "../../lib/records/erasure.ts";
import { Refusal } from "../../lib/refusal.ts";
import { pseudonymOf } from "../../lib/visits/pseudonym.ts";
import type { Door } from "../http.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Blobs } from "../storage/blobs.ts";
import * as tables from "../storage/schema.ts";
import type { Reader, Storage } from "../storage/storage.ts";
import { whole } from "../storage/whole.ts";
import { type Decision, destroy, hasNotes, SEALED, sealedOf, versionOf } from "./destroying.ts";
import type { VisitsForRecords } from "./records.ts";

interface Rooms {
  storage: Storage;
  ledger: Ledger;
  blobs: Pick<Blobs, "drop" | "dropped" | "dropUploads">;
  visits: VisitsForRecords;
  clinicName: (read: Reader) => Promise<string | null>;
  now: () => Date;
  /** Throws `Refusal("auth.confirm")` unless the password was given in this session just now. */
  assertConfirmed(headers: Headers): Promise<void>;
  warn(error: unknown, what: string): void;
}

/**
 * A patient's right to be forgotten: asked with the visit's key, confirmed by an admin who says what the law keeps. Envelopes
 * go, and with them salts and files' keys; lines, signatures and commitments stay, and mean nothing to anybody.
 */
export function answerErasure(door: Door, rooms: Rooms): { resume(): Promise<void> } {
  const { storage, ledger, blobs, visits, now } = rooms;
  const refused = { refused: "erasure.refused" } as const;

  async function standingOf(read: Reader, visitId: string) {
    const rows = await read
      .select()
      .from(tables.erasure)
      .where(eq(tables.erasure.visitId, visitId))
      .orderBy(desc(tables.erasure.askedAt));
    return {
      askedAt: rows.find(({ erasedAt }) => erasedAt === null)?.askedAt.toISOString() ?? null,
      certificates: rows.flatMap(({ certificate }) => certificate ?? []),
    };
  }

  async function ask(patient: Patient, { visitId, at, proof }: z.infer<typeof askErasure.ask>) {
    const fault = openingFault(erasureOf(visitId), { signer: patient.signer, at, proof }, now());
    if (fault) throw new Refusal(fault);
    return storage.transact(async (tx, finish) => {
      await visits.lock(tx, visitId);
      const w = await visits.mine(tx, patient, visitId);
      if (w.visit.state !== "over") throw new Refusal("visit.wrong-state");
      if (w.visit.erasedAt && (await sealedOf(tx, visitId)).length === 0) throw new Refusal("erasure.nothing-left");
      const row = { id: randomBytes(16).toString("hex"), visitId, at, proof, askedAt: now() };
      const [made] = await tx.insert(tables.erasure).values(row).onConflictDoNothing().returning();
      if (!made) throw new Refusal("erasure.asked");
      const entry = { actor: actorOf(patient), action: "erasure.asked", visitId, object: row.id } as const;
      return finish(entry, await standingOf(tx, visitId));
    });
  }

  const withdraw = (patient: Patient, visitId: string) =>
    storage.transact(async (tx, finish) => {
      await visits.lock(tx, visitId);
      await visits.mine(tx, patient, visitId);
      const [gone] = await tx.delete(tables.erasure).where(openOf(visitId)).returning();
      if (!gone) throw new Refusal("erasure.not-open");
      const entry = { actor: actorOf(patient), action: "erasure.withdrawn", visitId, object: gone.id } as const;
      return finish(entry, await standingOf(tx, visitId));
    });

  const read = (patient: Patient, visitId: string) =>
    storage.transact(async (tx, finish) => {
      await visits.mine(tx, patient, visitId);
      return finish({ actor: actorOf(patient), action: "erasure.read", visitId }, await standingOf(tx, visitId));
    });

  const list = (staff: Staff) =>
    storage.transact(async (tx, finish) => {
      const rows = await tx
        .select({
          erasure: tables.erasure,
          visit: tables.visit,
          clinician: tables.user.name,
          patient: tables.claim.signer,
        })
        .from(tables.erasure)
        .innerJoin(tables.visit, eq(tables.visit.id, tables.erasure.visitId))
        .innerJoin(tables.user, eq(tables.user.id, tables.visit.clinicianId))
        .innerJoin(tables.claim, eq(tables.claim.visitId, tables.visit.id))
        .where(isNull(tables.erasure.erasedAt))
        .orderBy(asc(tables.erasure.askedAt));
      const asked = [];
      for (const { erasure, visit, clinician, patient } of rows) {
        const records = await sealedOf(tx, visit.id);
        const notes = await hasNotes(tx, visit.id);
        asked.push({
          ...{ id: erasure.id, visitId: visit.id, askedAt: erasure.askedAt.toISOString(), clinician },
          visitAt: (visit.startedAt ?? visit.createdAt).toISOString(),
          pseudonym: pseudonymOf(patient),
          records: records.map(ofLedger),
          ...{ notes, version: versionOf(records, notes) },
        });
      }
      return finish({ actor: actorOf(staff), action: "erasure.listed", detail: { asked: asked.length } }, { asked });
    });

  async function confirm(staff: Staff, asked: Decision) {
    const done = await storage.transact(async (tx, finish) => {
      const [erasure] = await tx.select().from(tables.erasure).where(eq(tables.erasure.id, asked.id)).for("update");
      if (!erasure || erasure.erasedAt) throw new Refusal("erasure.not-open");
      const { visitId } = erasure;
      await visits.lock(tx, visitId);
      const w = (await whole(tx, visitId))!;
      const at = now();
      const said = await destroy(tx, blobs, w, asked, at);
      const bare: Certificate = {
        ...{ assent: "erasure/1", id: erasure.id, ledger: ledger.about },
        ...{ clinic: (await rooms.clinicName(tx)) ?? "", visit: visitId, patient: w.claim!.signer },
        ...{ request: { at: erasure.at, proof: erasure.proof }, erasedAt: at.toISOString(), confirmedBy: staff.name },
        ...said,
        signature: "0x00",
      };
      const content = await contentOf(bare);
      const certificate = { ...bare, signature: ledger.certify(content) };
      await tx.update(tables.erasure).set({ erasedAt: at, certificate }).where(eq(tables.erasure.id, erasure.id));
      const entry = { actor: actorOf(staff), action: "visit.erased", visitId, object: erasure.id } as const;
      const detail = {
        ...{ records: said.erased.records.length, files: said.erased.files.length, kept: said.kept.length },
        certificate: content,
      };
      return finish({ ...entry, detail }, { visitId, certificate });
    });
    // It is gone for everybody by now; what follows sees that no file has its bytes.
    blobs.dropped();
    await blobs
      .dropUploads(done.visitId)
      .catch((error: unknown) => rooms.warn(error, "uploads of an erased visit stay for now"));
    await scour();
    return { certificate: done.certificate };
  }

  /** Writes the database's files anew after erasures that have not seen that yet. What fails is tried again at the next one and at the next start. */
  async function scour(): Promise<void> {
    const left = and(isNotNull(tables.erasure.erasedAt), isNull(tables.erasure.scouredAt));
    const rows = await storage.read.select({ id: tables.erasure.id }).from(tables.erasure).where(left);
    const ids = rows.map(({ id }) => id);
    if (ids.length === 0) return;
    try {
      await storage.scour(SEALED);
      await storage.keepBooks((tx) =>
        tx.update(tables.erasure).set({ scouredAt: now() }).where(inArray(tables.erasure.id, ids)),
      );
    } catch (error) {
      rooms.warn(error, "the database’s files were not written anew after an erasure");
    }
  }

  door.on(askErasure, "patient", (asked, patient) => ask(patient, asked), refused);
  door.on(withdrawErasure, "patient", ({ visitId }, patient) => withdraw(patient, visitId), refused);
  door.on(readErasure, "patient", ({ visitId }, patient) => read(patient, visitId));
  door.on(listErasures, "admin", (_, staff) => list(staff));
  door.on(
    confirmErasure,
    "admin",
    async (asked, staff, http) => {
      await rooms.assertConfirmed(http.req.raw.headers);
      return confirm(staff, asked);
    },
    refused,
  );
  return { resume: scour };
}

const openOf = (visitId: string) => and(eq(tables.erasure.visitId, visitId), isNull(tables.erasure.erasedAt));
