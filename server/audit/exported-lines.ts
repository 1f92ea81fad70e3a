import { createHash } from "node:crypto";
import { and, asc, count, eq, gte, inArray, lt, lte, max, min, type SQL, sql } from "drizzle-orm";
import type { Line } from "../../lib/audit/api.ts";
import type { ExportFilter, ExportFormat } from "../../lib/audit/export.ts";
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

/** What is found stays what it is: whatever becomes of a visit while the file is on its way neither adds to it nor takes from it. */
export interface Fixed {
  readonly lines: number;
  readonly sessions: number;
  /** Numbers of the first and last line; null where there is none. */
  readonly first: number | null;
  readonly last: number | null;
  /** Ids of the visits it is of, the oldest first; null where it is of every line between the days. */
  readonly visits: readonly string[] | null;
  /**
   * SHA-256 over the numbers of its lines, or for evidence over the ids of its visits, with commas between: of two exports
   * it is the same where they are of the same, and whoever has the file can make it again.
   */
  readonly digest: string;
}

/** A line with the code of its visit's patient. */
export interface LineOfPatient extends Line {
  readonly patient: string | null;
}

/** Numbers that are looked through at once: a question that finds one line in a million holds nobody up for long. */
const WINDOW = 2_000;

/** In the transaction that tells of it. */
export async function fixedIn(read: Reader, scope: Scope, format: ExportFormat): Promise<Fixed> {
  const { number } = entry;
  const numbers = sql<string>`coalesce(string_agg(${number}::text, ',' ORDER BY ${number}), '')`;
  const [found] = await read
    .select({
      ...{ lines: count(), first: min(number), last: max(number) },
      digest: sql<string>`encode(sha256(convert_to(${numbers}, 'UTF8')), 'hex')`,
    })
    .from(entry)
    .where(linesLike(read, scope));
  const sessions = await read.$count(visit, sessionsIn(read, scope));
  const are = format === "evidence" ? sessionsIn(read, scope) : sessionsOfLines(read, scope);
  if (are === null) return { ...found!, sessions, visits: null };
  const rows = await read.select({ id: visit.id }).from(visit).where(are).orderBy(asc(visit.createdAt), asc(visit.id));
  const visits = rows.map(({ id }) => id);
  const digest = format === "evidence" ? createHash("sha256").update(visits.join()).digest("hex") : found!.digest;
  return { ...found!, sessions, visits, digest };
}

/** The lines in the order of their numbers, a page at a time. */
export async function* linesIn(
  read: Reader,
  scope: Scope,
  { first, last, visits }: Fixed,
): AsyncGenerator<LineOfPatient[]> {
  if (first === null || last === null) return;
  const wanted = visits && new Set(visits);
  for (let from = first; from <= last; from += WINDOW) {
    const here = and(gte(entry.number, from), lt(entry.number, from + WINDOW), lte(entry.number, last));
    if (!wanted) {
      yield await linesWhere(read, and(here, toldIn(scope)));
      continue;
    }
    const rows = await read
      .select({ number: entry.number, visitId: entry.visitId })
      .from(entry)
      .where(and(here, toldIn(scope)));
    const numbers = rows.filter(({ visitId }) => visitId !== null && wanted.has(visitId)).map(({ number }) => number);
    if (numbers.length > 0) yield await linesWhere(read, inArray(entry.number, numbers));
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

export const sessionsIn = (read: Reader, { filter: { visitId, ...filter }, until }: Scope) =>
  and(visitId ? eq(visit.id, visitId) : undefined, sessionsLike(read, filter, until));

/** What the visits of the lines must be; null where any will do, and none. */
export function sessionsOfLines(read: Reader, { filter, until }: Scope): SQL | null {
  const { from: _, to: __, visitId: ___, ...ofVisit } = filter;
  if (Object.values(ofVisit).every((wanted) => wanted === undefined)) return null;
  return sessionsLike(read, ofVisit, until) ?? null;
}

function linesLike(read: Reader, scope: Scope): SQL | undefined {
  const are = sessionsOfLines(read, scope);
  const sessions = are && read.select({ id: visit.id }).from(visit).where(are);
  return and(toldIn(scope), sessions ? inArray(entry.visitId, sessions) : undefined);
}

export const toldIn = ({ filter: { from, to, visitId }, until }: Scope): SQL | undefined =>
  and(
    lte(entry.number, until.last),
    // Times of the trail are all written alike, so they are in order as texts.
    from ? gte(entry.at, new Date(from).toISOString()) : undefined,
    to ? lt(entry.at, new Date(to).toISOString()) : undefined,
    visitId ? eq(entry.visitId, visitId) : undefined,
  );
