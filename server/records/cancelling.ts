import { and, eq } from "drizzle-orm";
import { actorOf } from "../../lib/audit/actor.ts";
import type { Principal, Staff } from "../../lib/auth/person.ts";
import {
  type Cancellation,
  cancellationHolds,
  cancelPrescription,
  readCancellation,
} from "../../lib/records/cancellation.ts";
import { Refusal } from "../../lib/refusal.ts";
import type { Door } from "../http.ts";
import * as tables from "../storage/schema.ts";
import type { Reader } from "../storage/storage.ts";
import type { RecordOptions } from "./records.ts";
import { assertCancellable } from "./rules.ts";

type Signed = NonNullable<(typeof tables.cancellation.$inferSelect)["signed"]>;

/** Prescriptions that are taken back where the permission allows no record of it any more, and how any cancellation is read. */
export function answerCancelling(door: Door, options: Omit<RecordOptions, "ledger">): void {
  const { storage, visits, news, now } = options;

  const cancel = async (staff: Staff, visitId: string, id: string, signed: Signed) => {
    const at = now();
    await storage.transact(async (tx, finish) => {
      await visits.lock(tx, visitId);
      const w = await visits.mine(tx, staff, visitId);
      // Any of its doctor's devices may: the one that prescribed can be lost.
      const sealed = await Promise.all(staff.keys.map(({ signer }) => cancellationHolds(visitId, signed, signer)));
      await assertCancellable(tx, w, id);
      for (const one of [w.claim!.recipient, w.key.recipient])
        if (!signed.recipients.includes(one)) throw new Refusal("record.mismatch");
      if (!sealed.some(Boolean)) throw new Refusal("signature.wrong");
      await tx.insert(tables.cancellation).values({ prescriptionId: id, visitId, recordId: null, signed, at });
      const entry = {
        actor: actorOf(staff),
        action: "prescription.cancelled",
        visitId,
        object: id,
        consent: w.consent?.id,
      } as const;
      return finish(entry, undefined);
    });
    // Under an id that nobody knows: who listens reads the list anew.
    news.recorded(visitId, signed.commitment);
    return { at: at.toISOString() };
  };

  const read = (person: Principal, visitId: string, id: string) =>
    storage.transact<Cancellation>(async (tx, finish) => {
      const w = await visits.mine(tx, person, visitId);
      const found = await cancellationOf(tx, visitId, id);
      if (!found) throw new Refusal("record.not-found");
      const entry = {
        actor: actorOf(person),
        action: "record.read",
        visitId,
        object: id,
        consent: w.consent?.id,
        detail: { kind: "prescription-cancelled" },
      } as const;
      return finish(entry, found);
    });

  door.on(cancelPrescription, "clinician", ({ visitId, id, ...signed }, staff) => cancel(staff, visitId, id, signed), {
    refused: "record.refused",
    largest: 128 * 1024,
  });
  door.on(readCancellation, "member", ({ visitId, id }, person) => read(person, visitId, id));
}

/** Of a prescription, by its record; null where nobody took it back. */
export async function cancellationOf(read: Reader, visitId: string, id: string): Promise<Cancellation | null> {
  const { cancellation, record } = tables;
  const [row] = await read
    .select()
    .from(cancellation)
    .leftJoin(record, eq(record.id, cancellation.recordId))
    .where(and(eq(cancellation.prescriptionId, id), eq(cancellation.visitId, visitId)));
  const signed = row?.record ?? row?.cancellation.signed;
  if (!row || !signed || signed.envelope === null) return null; // erased, or nobody took it back
  const { commitment, envelope, recipients, seal } = signed;
  const { at, recordId } = row.cancellation;
  return { at: at.toISOString(), record: recordId, commitment, envelope, recipients, seal };
}
