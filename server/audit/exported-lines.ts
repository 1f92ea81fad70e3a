import { and, asc, count, eq, gte, inArray, lt, lte, max, min, type SQL, sql } from "drizzle-orm";
import type { Line } from "../../lib/audit/api.ts";
import type { ExportFilter } from "../../lib/audit/export.ts";
import { pseudonymOf } from "../../lib/visits/pseudonym.ts";
import { act, claim, entry, visit } from "../storage/schema.ts";
import type { Reader } from "../storage/storage.ts";
import { lineOf } from "./audit.ts";
import { type Standing, sessionsLike } from "./session-filter.ts";

/** What an export is of: what was so when it was begun. */
export interface Scope {
  readonly filter: ExportFilter;
  readonly until: Standing;
}

export interface Found {
  readonly lines: number;
  readonly sessions: number;
  /** Numbers of the first and last line; null where there is none. */
  readonly first: number | null;
  readonly last: number | null;
}

/** A line with the code of its visit's patient. */
export interface LineOfPatient extends Line {
  readonly patient: string | null;
}

/** Numbers that are looked through at once: a question that finds one line in a million holds nobody up for long. */
const WINDOW = 2_000;
/** Sessions that are listed at once. */
const SESSIONS = 100;

export async function countIn(read: Reader, scope: Scope): Promise<Found> {
  const { number } = entry;
  const [lines] = await read
    .select({ lines: count(), first: min(number), last: max(number) })
    .from(entry)
    .where(linesLike(read, scope));
  const [sessions] = await read.select({ times: count() }).from(visit).where(sessionsIn(read, scope));
  return {
    lines: lines?.lines ?? 0,
    sessions: sessions?.times ?? 0,
    first: lines?.first ?? null,
    last: lines?.last ?? null,
  };
}

/** The lines in the order of their numbers, a page at a time. */
export async function* linesIn(
  read: Reader,
  scope: Scope,
  { first, last }: Pick<Found, "first" | "last">,
): AsyncGenerator<LineOfPatient[]> {
  if (first === null || last === null) return;
  for (let from = first; from <= last; from += WINDOW) {
    const here = and(gte(entry.number, from), lt(entry.number, from + WINDOW), lte(entry.number, last));
    yield await linesWhere(read, and(here, linesLike(read, scope)));
  }
}

export async function linesWhere(read: Reader, where: SQL | undefined): Promise<LineOfPatient[]> {
  const rows = await read
    .select({ entry, act, signer: claim.signer })
    .from(entry)
    .leftJoin(act, eq(act.id, entry.actId))
    .leftJoin(claim, eq(claim.visitId, entry.visitId))
    .where(where)
    .orderBy(asc(entry.number));
  return rows.map(({ signer, ...row }) => ({
    ...lineOf(row),
    patient: signer === null ? null : pseudonymOf(signer),
  }));
}

/** The ids of the sessions, oldest first, a page at a time. */
export async function* sessionsOf(read: Reader, scope: Scope): AsyncGenerator<string[]> {
  let last: { at: Date; id: string } | undefined;
  do {
    const after = last && sql`(${visit.createdAt}, ${visit.id}) > (${last.at.toISOString()}::timestamptz, ${last.id})`;
    const rows = await read
      .select({ id: visit.id, at: visit.createdAt })
      .from(visit)
      .where(and(sessionsIn(read, scope), after))
      .orderBy(asc(visit.createdAt), asc(visit.id))
      .limit(SESSIONS);
    yield rows.map(({ id }) => id);
    last = rows.length < SESSIONS ? undefined : rows.at(-1);
  } while (last);
}

const sessionsIn = (read: Reader, { filter: { visitId, ...filter }, until }: Scope) =>
  and(visitId ? eq(visit.id, visitId) : undefined, sessionsLike(read, filter, until));

function linesLike(read: Reader, { filter, until }: Scope): SQL | undefined {
  const { from, to, visitId, ...ofVisit } = filter;
  const sessions = read
    .select({ id: visit.id })
    .from(visit)
    .where(sessionsLike(read, ofVisit, until));
  return and(
    lte(entry.number, until.last),
    // Times of the trail are all written alike, so they are in order as texts.
    from ? gte(entry.at, new Date(from).toISOString()) : undefined,
    to ? lt(entry.at, new Date(to).toISOString()) : undefined,
    visitId ? eq(entry.visitId, visitId) : undefined,
    Object.values(ofVisit).some((wanted) => wanted !== undefined) ? inArray(entry.visitId, sessions) : undefined,
  );
}
