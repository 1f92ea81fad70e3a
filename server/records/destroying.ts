import { createHash } from "node:crypto";
import { and, asc, eq, inArray, isNotNull, notInArray, or, sql } from "drizzle-orm";
import type * as z from "zod/mini";
import { type Certificate, type confirmErasure, ofLedger } from "../../lib/records/erasure.ts";
import { Refusal } from "../../lib/refusal.ts";
import type { Blobs } from "../storage/blobs.ts";
import { restsOn } from "../storage/findings.ts";
import * as tables from "../storage/schema.ts";
import type { Reader, Writer } from "../storage/storage.ts";
import type { Whole } from "../storage/whole.ts";

/** Everything that holds something a person said, or how to reach them. */
export const SEALED = [
  tables.notice,
  tables.record,
  tables.askRow,
  tables.visit,
  tables.claim,
  tables.guest,
  tables.notes,
  tables.background,
  tables.sharedRecord,
  tables.slip,
  tables.cancellation,
  tables.blob,
  tables.reviewStep,
  tables.exportRequest,
];

/** What an admin decided over one drawing of the list. */
export type Decision = z.infer<typeof confirmErasure.ask>;

/** Destroys all that is not kept, and says what that was. */
export async function destroy(
  tx: Writer,
  blobs: Pick<Blobs, "drop">,
  w: Whole,
  asked: Decision,
  at: Date,
): Promise<Pick<Certificate, "erased" | "kept" | "keptNotes">> {
  const visitId = w.visit.id;
  const sealed = await sealedOf(tx, visitId);
  if (asked.version !== versionOf(sealed, await hasNotes(tx, visitId))) throw new Refusal("erasure.changed");
  const reasonFor = new Map(asked.kept.map(({ id, ...why }) => [id, why]));
  if (reasonFor.size !== asked.kept.length || asked.kept.some(({ id }) => !sealed.some((one) => one.id === id)))
    throw new Refusal("record.not-found");
  const kept = sealed.filter(({ id }) => reasonFor.has(id));
  const gone = sealed.filter(({ id }) => !reasonFor.has(id));
  const keptIds = kept.map(({ id }) => id);

  const questions = await tx
    .update(tables.askRow)
    .set({ envelope: null })
    .where(
      and(eq(tables.askRow.visitId, visitId), isNotNull(tables.askRow.envelope), notInArray(tables.askRow.id, keptIds)),
    )
    .returning({ id: tables.askRow.id });
  await tx
    .update(tables.record)
    .set({ envelope: null })
    .where(and(eq(tables.record.visitId, visitId), notInArray(tables.record.id, keptIds)));
  // Its paper opens nothing any more, and who dispensed it is forgotten. That it was taken back, and when, stays.
  await tx.delete(tables.slip).where(and(eq(tables.slip.visitId, visitId), notInArray(tables.slip.recordId, keptIds)));
  await tx
    .update(tables.cancellation)
    .set({ signed: null })
    .where(and(eq(tables.cancellation.visitId, visitId), notInArray(tables.cancellation.prescriptionId, keptIds)));
  await tx.delete(tables.background).where(eq(tables.background.visitId, visitId));
  const shared = await tx
    .delete(tables.sharedRecord)
    .where(
      inArray(
        tables.sharedRecord.shareId,
        tx.select({ id: tables.share.id }).from(tables.share).where(eq(tables.share.visitId, visitId)),
      ),
    )
    .returning({ id: tables.sharedRecord.recordId });
  const files = await tx
    .delete(tables.blob)
    .where(
      and(
        eq(tables.blob.visitId, visitId),
        notInArray(
          tables.blob.hash,
          kept.flatMap(({ blob }) => blob ?? []),
        ),
      ),
    )
    .returning({ hash: tables.blob.hash, key: tables.blob.key });
  for (const { key } of files) await blobs.drop(tx, key);
  const hadNotes = asked.keptNotes
    ? []
    : await tx.delete(tables.notes).where(eq(tables.notes.visitId, visitId)).returning({ id: tables.notes.visitId });
  // That somebody reviewed it stays, and what they did; what they wrote may say what the visit did.
  const ofVisit = tx.select({ id: tables.finding.id }).from(tables.finding).where(restsOn(visitId));
  await tx
    .update(tables.reviewStep)
    .set({ text: null, salt: null })
    .where(or(eq(tables.reviewStep.about, visitId), inArray(tables.reviewStep.about, ofVisit)));
  await tx
    .update(tables.exportRequest)
    .set({ note: null })
    .where(sql`${tables.exportRequest.filter} ->> 'visitId' = ${visitId}`);
  await tx.delete(tables.notice).where(eq(tables.notice.visitId, visitId));
  await tx.update(tables.guest).set({ details: null }).where(eq(tables.guest.visitId, visitId));
  await tx.update(tables.claim).set({ details: null }).where(eq(tables.claim.visitId, visitId));
  await tx.update(tables.visit).set({ details: null, erasedAt: at }).where(eq(tables.visit.id, visitId));
  return {
    erased: {
      records: gone.map(ofLedger),
      files: files.map(({ hash }) => hash),
      // A question that was approved is its record.
      questions: questions.filter(({ id }) => !gone.some((one) => one.id === id)).length,
      shared: shared.length,
      notes: hadNotes.length > 0,
    },
    kept: kept.map((row) => ({ ...ofLedger(row), ...reasonFor.get(row.id)! })),
    keptNotes: asked.keptNotes,
  };
}

/** Records of a visit that still have their content. */
export const sealedOf = (read: Reader, visitId: string) =>
  read
    .select()
    .from(tables.record)
    .where(and(eq(tables.record.visitId, visitId), isNotNull(tables.record.envelope)))
    .orderBy(asc(tables.record.createdAt), asc(tables.record.number));

export const hasNotes = async (read: Reader, visitId: string) =>
  (await read.$count(tables.notes, eq(tables.notes.visitId, visitId))) > 0;

/** Of the list that an admin decides over. */
export const versionOf = (sealed: { id: string }[], notes: boolean) =>
  `0x${createHash("sha256")
    .update(JSON.stringify([sealed.map(({ id }) => id).sort(), notes]))
    .digest("hex")}`;
