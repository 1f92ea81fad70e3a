import { and, asc, eq, inArray } from "drizzle-orm";
import { kindOf } from "../../lib/consent/grant.ts";
import type { AskView, RecordView, SlipState } from "../../lib/records/record.ts";
import * as tables from "../storage/schema.ts";
import type { Reader } from "../storage/storage.ts";

export const askView = (row: typeof tables.askRow.$inferSelect): AskView => ({
  id: row.id,
  visitId: row.visitId,
  kind: kindOf(row.kind),
  state: row.state,
  blob: row.blob,
  askedAt: row.askedAt.toISOString(),
  answeredAt: row.answeredAt?.toISOString() ?? null,
});

/** Records with how far each is on its way to the ledger, in the order they were kept. */
export async function recordViews(
  read: Reader,
  visitIds: readonly string[],
  which: { ids?: readonly string[]; consent?: string },
): Promise<RecordView[]> {
  const rows = await read
    .select({ record: tables.record, act: tables.act, slip: tables.slip, cancelledAt: tables.cancellation.at })
    .from(tables.record)
    .leftJoin(tables.act, and(eq(tables.act.object, tables.record.id), eq(tables.act.kind, "record")))
    .leftJoin(tables.slip, eq(tables.slip.recordId, tables.record.id))
    .leftJoin(tables.cancellation, eq(tables.cancellation.prescriptionId, tables.record.id))
    .where(
      and(
        inArray(tables.record.visitId, [...visitIds]),
        which.ids ? inArray(tables.record.id, [...which.ids]) : undefined,
        which.consent ? eq(tables.record.consentId, which.consent) : undefined,
      ),
    )
    .orderBy(asc(tables.record.createdAt), asc(tables.record.number));
  return rows.map(({ record: r, act, slip, cancelledAt }) => ({
    id: r.id,
    visitId: r.visitId,
    consent: r.consentId,
    kind: kindOf(r.kind),
    author: r.author,
    byPatient: r.byPatient,
    commitment: r.commitment,
    number: r.number,
    signedAt: r.signedAt,
    signature: r.signature,
    approval: r.approval,
    blob: r.blob,
    slip: slip && slipState(slip, cancelledAt),
    erased: r.envelope === null,
    ledger: act?.state ?? "saved",
    receipt: act?.receipt ?? null,
    reason: act?.reason ?? null,
    transaction: act?.transaction ?? null,
    block: act?.state === "parked" ? null : (act?.block ?? null),
  }));
}

export function slipState(row: typeof tables.slip.$inferSelect, cancelledAt: Date | null): SlipState {
  const { until, times, dispensed, refused, refusedAt } = row;
  return {
    until: until.toISOString(),
    ...{ times, dispensed },
    refused: refusedAt ? { times: refused, last: refusedAt.toISOString() } : null,
    cancelledAt: cancelledAt?.toISOString() ?? null,
  };
}
