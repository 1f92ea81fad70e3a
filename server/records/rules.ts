import { and, eq, sql } from "drizzle-orm";
import type * as z from "zod/mini";
import type { Principal } from "../../lib/auth/person.ts";
import { choiceFor, kinds } from "../../lib/consent/grant.ts";
import type { addRecord } from "../../lib/records/api.ts";
import { Refusal } from "../../lib/refusal.ts";
import * as tables from "../storage/schema.ts";
import type { Reader } from "../storage/storage.ts";
import { counts, type Whole } from "../storage/whole.ts";

/** Records of one side in one visit. */
const MOST_RECORDS = 500;

/** A record as its author's browser hands it in. */
export type New = z.infer<typeof addRecord.ask>;

/** A record is taken while the visit runs and its permission lives; the session's end also just after. */
export function assertOpen(w: Whole, kind: New["kind"], now: Date): void {
  // What the law kept of an erased visit can still be taken back, and nothing else comes to it.
  if (w.visit.erasedAt && kind !== "prescription-cancelled") throw new Refusal("visit.over");
  if (!w.consent) throw new Refusal("consent.missing");
  if (w.consent.revokedAt) throw new Refusal("consent.not-live");
  if (kind === "session-end" && w.visit.state === "over" && w.visit.startedAt) return;
  // A prescription that may harm can be taken back for as long as the permission itself is good.
  if (w.visit.state === "over" && kind !== "prescription-cancelled") throw new Refusal("visit.over");
  if (!counts(w.consent, now)) throw new Refusal("consent.not-live");
  if (!w.visit.admittedAt) throw new Refusal("visit.wrong-state");
}

/** A key that was removed signs nothing any more, and nothing comes of a question that it had asked. */
export function assertKeyStands(w: Whole, person: Principal): void {
  if (w.key.removedAt) throw new Refusal(person.is === "staff" ? "key.not-enrolled" : "consent.device-removed");
}

export function assertAllowed(w: Whole, person: Principal, kind: New["kind"]): void {
  const choice = choiceFor(w.consent!.consent.scopes, kind);
  if (choice === "deny") throw new Refusal("consent.kind-not-allowed");
  if (person.is === "patient" && kind !== "file-share" && kind !== "session-end")
    throw new Refusal("consent.kind-not-allowed");
  // What the patient signs is the patient's yes.
  if (choice === "ask" && person.is === "staff") throw new Refusal("consent.ask-first");
}

export async function assertNext(tx: Reader, w: Whole, person: Principal, number: number): Promise<void> {
  const byPatient = person.is === "patient";
  if (!byPatient) {
    const open = await tx
      .select({ id: tables.askRow.id })
      .from(tables.askRow)
      .where(and(eq(tables.askRow.consentId, w.consent!.id), eq(tables.askRow.state, "open")));
    if (open.length > 0) throw new Refusal("record.number-held");
  }
  if (number !== (await nextNumber(tx, w.consent!.id, byPatient))) throw new Refusal("record.number-taken");
}

export async function assertBlob(tx: Reader, person: Principal, asked: New): Promise<void> {
  if (asked.kind === "file-share" ? asked.blob === null : asked.blob !== null) throw new Refusal("record.mismatch");
  if (asked.blob === null) return;
  const [found] = await tx
    .select()
    .from(tables.blob)
    .where(
      and(
        eq(tables.blob.visitId, asked.visitId),
        eq(tables.blob.hash, asked.blob),
        eq(tables.blob.byPatient, person.is === "patient"),
      ),
    );
  if (!found) throw new Refusal("blob.not-found");
}

/** A prescription comes with what its paper is known by, a cancellation with what it cancels, and nothing else with either. */
export async function assertSlip(tx: Reader, w: Whole, asked: New, now: Date): Promise<void> {
  if ((asked.kind === "prescription") !== (asked.slip !== null)) throw new Refusal("record.mismatch");
  if ((asked.kind === "prescription-cancelled") !== (asked.cancels !== null)) throw new Refusal("record.mismatch");
  if (asked.slip && asked.slip.until * 1000 <= now.getTime()) throw new Refusal("record.mismatch");
  if (asked.cancels) await assertCancellable(tx, w, asked.cancels);
}

/** A prescription of this visit that nobody cancelled. */
export async function assertCancellable(tx: Reader, w: Whole, id: string): Promise<void> {
  const { record, cancellation } = tables;
  const [found] = await tx
    .select({ envelope: record.envelope })
    .from(record)
    .where(and(eq(record.id, id), eq(record.visitId, w.visit.id), eq(record.kind, kinds.prescription)));
  if (!found) throw new Refusal("record.not-found");
  if (found.envelope === null) throw new Refusal("record.erased");
  if ((await tx.$count(cancellation, eq(cancellation.prescriptionId, id))) > 0)
    throw new Refusal("prescription.cancelled");
}

/** What one side may still say: one start, one end after it has started, nothing after that, and not without measure. */
export async function assertInOrder(tx: Reader, w: Whole, person: Principal, asked: New): Promise<void> {
  if (asked.number > MOST_RECORDS) throw new Refusal("request.too-many");
  if (asked.kind === "session-end" && !w.visit.startedAt) throw new Refusal("visit.wrong-state");
  const bySide = eq(tables.record.byPatient, person.is === "patient");
  const mine = await tx
    .select({ kind: tables.record.kind })
    .from(tables.record)
    .where(and(eq(tables.record.consentId, w.consent!.id), bySide));
  const has = (kind: New["kind"]) => mine.some((one) => one.kind === kinds[kind]);
  if (has("session-end") && asked.kind !== "prescription-cancelled") throw new Refusal("visit.over");
  if (asked.kind === "session-start" && has("session-start")) throw new Refusal("visit.wrong-state");
}

/** A record does not name its author: what one side has signed or asked, the other can't take for its own. */
export async function assertNobodyElses(tx: Reader, id: string): Promise<void> {
  const known = await tx.$count(tables.askRow, eq(tables.askRow.id, id));
  if (known > 0) throw new Refusal("record.number-taken");
}

export async function nextNumber(read: Reader, consentId: string, byPatient: boolean): Promise<number> {
  const [found] = await read
    .select({ last: sql<number>`coalesce(max(${tables.record.number}), 0)::int` })
    .from(tables.record)
    .where(and(eq(tables.record.consentId, consentId), eq(tables.record.byPatient, byPatient)));
  return (found?.last ?? 0) + 1;
}
