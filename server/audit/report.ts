import { and, count, desc, eq, gte, inArray, isNotNull, isNull, lt, max, sql } from "drizzle-orm";
import { actorOf } from "../../lib/audit/actor.ts";
import { originOf } from "../../lib/audit/checkpoint.ts";
import type { Action } from "../../lib/audit/entry.ts";
import { ReadReason, type Report, readReport } from "../../lib/audit/report.ts";
import { readTrends } from "../../lib/audit/trends.ts";
import { READS } from "../../lib/audit/unusual.ts";
import type { LedgerDomain } from "../../lib/consent/typed-data.ts";
import type { Door } from "../http.ts";
import { act, checkpoint, consent, entry, finding, visit } from "../storage/schema.ts";
import type { Reader, Storage } from "../storage/storage.ts";

import type { Log } from "./log.ts";
import { spanOf } from "./months.ts";
import { HARMLESS } from "./session-filter.ts";
import { costIn, percentiles, type Span, trendsOf, waitsIn } from "./trends.ts";

interface Rooms {
  storage: Storage;
  ledger: LedgerDomain & { local: boolean };
  log: Pick<Log, "key">;
  /** The practice's. */
  timeZone: string;
  now: () => Date;
}

/** A month in figures, each counted by an index of its own. */
export function answerReport(door: Door, { storage, ledger, log, timeZone, now }: Rooms): void {
  door.on(readTrends, "admin", ({ days }) => trendsOf(storage.read, days, ledger.local));
  door.on(readReport, "admin", ({ month }, staff) =>
    storage.transact(async (tx, finish) => {
      const span = spanOf(month, timeZone);
      const [from, to] = span;
      const answer: Report = {
        ...{ month, from: from.toISOString(), to: to.toISOString(), timeZone, runs: now() < to },
        ...(await fromLines(tx, span)),
        visits: await visitsIn(tx, span),
        waits: await waitsIn(tx, span),
        reads: await readsIn(tx, span),
        findings: await findingsIn(tx, span),
        ledger: { ...(await costIn(tx, span, ledger.local)), ...(await delayIn(tx, span)) },
        log: { ...(await sealedIn(tx, span)), key: log.key, origin: originOf(ledger) },
      };
      return finish({ actor: actorOf(staff), action: "audit.read", detail: { month } }, answer);
    }),
  );
}

const within = ([from, to]: Span) => and(gte(entry.at, from.toISOString()), lt(entry.at, to.toISOString()));

/** What one pass over the month's lines says. */
async function fromLines(read: Reader, span: Span) {
  const code = sql<
    string | null
  >`CASE WHEN ${inArray(entry.action, ["record.added", "review.closed", "finding.dismissed"])}
    THEN coalesce(${entry.detail}->>'kind', ${entry.detail}->>'code') END`;
  const rows = await read
    .select({ action: entry.action, refusal: entry.refusal, code, times: count() })
    .from(entry)
    .where(within(span))
    .groupBy(entry.action, entry.refusal, sql`3`);
  const done = (action: Action) => rows.filter((row) => row.action === action && row.refusal === null);
  const sum = (some: { times: number }[]) => some.reduce((all, { times }) => all + times, 0);
  const tally = (action: Action) => inOrder(done(action).map(({ code, times }) => ({ code: code ?? "", times })));
  const refused = new Map<string, number>();
  for (const { refusal, times } of rows)
    if (refusal !== null && !HARMLESS.includes(refusal)) refused.set(refusal, (refused.get(refusal) ?? 0) + times);
  return {
    lines: sum(rows),
    permissions: {
      given: sum(done("consent.granted")),
      refused: sum(rows.filter(({ action }) => action === "consent.refused")),
      takenBack: sum(done("consent.revoked")),
    },
    refusals: inOrder([...refused].map(([code, times]) => ({ code, times }))),
    records: tally("record.added"),
    taken: TAKEN.map((action) => ({ code: action, times: sum(done(action)) })).filter(({ times }) => times > 0),
    dismissals: tally("finding.dismissed"),
    reviews: { begun: sum(done("review.assigned")), closed: tally("review.closed") },
  };
}

/** What leaves the practice. */
const TAKEN: readonly Action[] = ["evidence.made", "export.made"];

const inOrder = <T extends { times: number }>(rows: T[]): T[] => rows.sort((a, b) => b.times - a.times);

async function visitsIn(read: Reader, [from, to]: Span): Promise<Report["visits"]> {
  const rows = await read
    .select({ end: visit.end, times: count() })
    .from(visit)
    .where(and(gte(visit.createdAt, from), lt(visit.createdAt, to)))
    .groupBy(visit.end);
  const ends = inOrder(rows.flatMap(({ end, times }) => (end ? [{ end, times }] : [])));
  const open = rows.find(({ end }) => end === null)?.times ?? 0;
  return { made: open + ends.reduce((all, { times }) => all + times, 0), open, ends };
}

async function readsIn(read: Reader, span: Span): Promise<Report["reads"]> {
  const is = sql`${entry.actor}->>'is'`;
  const reason = sql<ReadReason>`CASE
    WHEN ${is} IN ('patient', 'guest') THEN ${is}
    WHEN ${consent.shareId} IS NOT NULL THEN 'share'
    WHEN ${entry.actor}->>'id' = ${visit.clinicianId} THEN 'own-visit'
    ELSE 'none' END`;
  const rows = await read
    .select({ reason, times: count() })
    .from(entry)
    .leftJoin(visit, eq(visit.id, entry.visitId))
    .leftJoin(consent, eq(consent.id, entry.consent))
    .where(and(within(span), inArray(entry.action, [...READS]), isNull(entry.refusal)))
    .groupBy(sql`1`);
  return ReadReason.options.flatMap((one) => rows.filter(({ reason }) => reason === one));
}

async function findingsIn(read: Reader, [from, to]: Span): Promise<Report["findings"]> {
  const rows = await read
    .select({ rule: finding.rule, times: count() })
    .from(finding)
    .where(and(gte(finding.at, from.toISOString()), lt(finding.at, to.toISOString())))
    .groupBy(finding.rule);
  return inOrder(rows);
}

async function delayIn(read: Reader, [from, to]: Span) {
  const took = sql`greatest(0, extract(epoch FROM ${act.ledgerAt} - ${act.savedAt}) * 1000)`;
  const [row] = await read
    .select({ ...percentiles(took), slowest: max(took).mapWith((ms) => (ms === null ? null : Math.round(Number(ms)))) })
    .from(act)
    .where(and(gte(act.ledgerAt, from), lt(act.ledgerAt, to)));
  return { median: row?.median ?? null, ninth: row?.ninth ?? null, slowest: row?.slowest ?? null };
}

/** The last checkpoint that was signed in the month, and the last root that the ledger took. */
async function sealedIn(read: Reader, [from, to]: Span): Promise<Pick<Report["log"], "checkpoint" | "anchor">> {
  const [signed] = await read
    .select()
    .from(checkpoint)
    .where(and(gte(checkpoint.signedAt, from), lt(checkpoint.signedAt, to)))
    .orderBy(desc(checkpoint.signedAt), desc(checkpoint.size))
    .limit(1);
  const [anchored] = await read
    .select()
    .from(act)
    .where(and(eq(act.kind, "anchor"), isNotNull(act.block), gte(act.ledgerAt, from), lt(act.ledgerAt, to)))
    .orderBy(desc(act.ledgerAt), desc(act.order))
    .limit(1);
  const head = (anchored?.call as { to?: { size?: number; root?: string } } | undefined)?.to;
  return {
    // Leaf 0 is the contract's birth, and no line.
    checkpoint: signed ? { lines: signed.size - 1, root: signed.root, at: signed.signedAt.toISOString() } : null,
    anchor:
      anchored && head?.size && head.root
        ? { lines: head.size - 1, root: head.root, block: anchored.block, transaction: anchored.transaction }
        : null,
  };
}
