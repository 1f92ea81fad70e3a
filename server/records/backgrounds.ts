import { eq } from "drizzle-orm";
import type * as z from "zod/mini";
import { actorOf } from "../../lib/audit/actor.ts";
import type { Patient, Principal } from "../../lib/auth/person.ts";
import { backgroundHolds, readBackground, shareBackground, withdrawBackground } from "../../lib/records/background.ts";
import { comesAfter, type Kept } from "../../lib/records/seal.ts";
import { Refusal } from "../../lib/refusal.ts";
import type { Door } from "../http.ts";
import * as tables from "../storage/schema.ts";
import type { Storage } from "../storage/storage.ts";
import type { VisitsForRecords } from "./records.ts";

interface Rooms {
  storage: Storage;
  visits: VisitsForRecords;
  now: () => Date;
}

/** Allergies and medicines that a patient shows the doctor of a visit: sealed for that doctor, until the visit is over or they stop. */
export function answerBackgrounds(door: Door, { storage, visits, now }: Rooms): void {
  const { background } = tables;

  const read = (person: Principal, visitId: string) =>
    storage.transact<z.input<typeof readBackground.answer>>(async (tx, finish) => {
      const w = await visits.mine(tx, person, visitId);
      const [row] = await tx.select().from(background).where(eq(background.visitId, visitId));
      const entry = { actor: actorOf(person), action: "background.read", visitId, consent: w.consent?.id } as const;
      if (!row) return finish(entry, { background: null });
      const { visitId: _, sharedAt, ...kept } = row;
      return finish(entry, { background: { ...kept, sharedAt: sharedAt.toISOString() } });
    });

  const share = async (patient: Patient, visitId: string, kept: Kept) => {
    if (!(await backgroundHolds(visitId, kept, patient.signer))) throw new Refusal("signature.wrong");
    return storage.transact(async (tx, finish) => {
      await visits.lock(tx, visitId);
      const w = await visits.mine(tx, patient, visitId);
      if (w.visit.state === "over") throw new Refusal("visit.over");
      if (kept.recipient !== w.key.recipient) throw new Refusal("record.mismatch");
      const [before] = await tx.select().from(background).where(eq(background.visitId, visitId));
      if (!(await comesAfter(kept, before ?? null))) throw new Refusal("record.number-taken");
      const row = { visitId, ...kept, sharedAt: now() };
      await tx.insert(background).values(row).onConflictDoUpdate({ target: background.visitId, set: row });
      return finish(
        { actor: actorOf(patient), action: "background.shared", visitId, consent: w.consent?.id },
        { sharedAt: row.sharedAt.toISOString() },
      );
    });
  };

  const withdraw = (patient: Patient, visitId: string) =>
    storage.transact(async (tx, finish) => {
      const w = await visits.mine(tx, patient, visitId);
      await tx.delete(background).where(eq(background.visitId, visitId));
      return finish({ actor: actorOf(patient), action: "background.withdrawn", visitId, consent: w.consent?.id }, {});
    });

  door.on(readBackground, "member", ({ visitId }, person) => read(person, visitId));
  door.on(shareBackground, "patient", ({ visitId, ...kept }, patient) => share(patient, visitId, kept));
  door.on(withdrawBackground, "patient", ({ visitId }, patient) => withdraw(patient, visitId));
}
