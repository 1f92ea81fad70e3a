import { and, eq, inArray, ne } from "drizzle-orm";
import type { VisitEnd } from "../../lib/visits/visit.ts";
import * as tables from "../storage/schema.ts";
import type { Writer } from "../storage/storage.ts";
import { isOfDoctor } from "../storage/whole.ts";
import type { VisitNews } from "./visits.ts";

/** Closes the visit, its guests go with it, whom to write to and what the patient showed for this visit is forgotten, and what still waits for an answer is taken back, which frees its number. */
export async function closeVisit(tx: Writer, visitId: string, why: VisitEnd, at: Date): Promise<void> {
  await tx.update(tables.visit).set({ state: "over", end: why, endedAt: at }).where(eq(tables.visit.id, visitId));
  await tx.delete(tables.notice).where(eq(tables.notice.visitId, visitId));
  await tx.delete(tables.background).where(eq(tables.background.visitId, visitId));
  const here = eq(tables.guest.visitId, visitId);
  await tx
    .update(tables.guest)
    .set({ details: null })
    .where(and(here, inArray(tables.guest.state, ["invited", "asking"])));
  await tx
    .update(tables.guest)
    .set({ state: "over", end: "visit", endedAt: at })
    .where(and(here, ne(tables.guest.state, "over")));
  await tx
    .update(tables.askRow)
    .set({ state: "withdrawn", answeredAt: at })
    .where(and(eq(tables.askRow.visitId, visitId), eq(tables.askRow.state, "open")));
}

/** Ends everything that a doctor who leaves had open. `told` says so once it is committed. */
export async function endVisitsOf(tx: Writer, clinicianId: string, at: Date, news: Pick<VisitNews, "changed">) {
  const { id, consent } = { id: tables.visit.id, consent: tables.consent.id };
  const open = await tx
    .select({ id, consent })
    .from(tables.visit)
    .leftJoin(tables.consent, and(eq(tables.consent.visitId, id), isOfDoctor))
    .where(and(eq(tables.visit.clinicianId, clinicianId), ne(tables.visit.state, "over")));
  for (const visit of open) await closeVisit(tx, visit.id, "ended", at);
  const lines = open.map((visit) => ({
    actor: { is: "system", id: "assent" } as const,
    action: "visit.ended" as const,
    visitId: visit.id,
    consent: visit.consent ?? undefined,
    detail: { why: "doctor-left" },
  }));
  const told = () => {
    for (const visit of open) news.changed(visit.id, clinicianId, "over");
  };
  return { lines, told };
}
