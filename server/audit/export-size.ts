import { and, count, desc, eq, gte, inArray, lte, type SQL, sql } from "drizzle-orm";
import { type ExportSize, type Sized, WITHOUT_APPROVAL } from "../../lib/audit/export.ts";
import { entry, visit } from "../storage/schema.ts";
import type { Reader, Writer } from "../storage/storage.ts";
import { boundsOf } from "./events.ts";
import { type Scope, sessionsIn, sessionsOfLines, toldIn } from "./exported-lines.ts";
import { sessionsLike } from "./session-filter.ts";

/** What one look goes over at most, whatever is asked: what it costs depends neither on the log nor on how rare a match is. */
const WALK: ExportSize = { lines: 20_000, sessions: 3_000 };
/** Who is over the limit needs not know by how much. */
const ENOUGH: ExportSize = { lines: WITHOUT_APPROVAL.lines + 1, sessions: WITHOUT_APPROVAL.sessions + 1 };

interface Counted {
  readonly found: number;
  /** There is no more of it. */
  readonly all: boolean;
}

/**
 * How much an export would have, as far as a page has to say before: no further than over the limit, and where few of many
 * match, of the newest alone. What a file has is counted once somebody asks for the file.
 */
export async function sizeIn(tx: Writer, scope: Scope, walk = WALK): Promise<Sized> {
  // However old the database's statistics are: it might rather read, or sort, all there is than go along an index.
  for (const way of ["seqscan", "bitmapscan", "sort", "hashjoin", "mergejoin"])
    await tx.execute(sql.raw(`SET LOCAL enable_${way} = off`));
  const lines = upTo(ENOUGH.lines, await linesIn(tx, scope, walk));
  const sessions = upTo(ENOUGH.sessions, await sessionsOf(tx, scope, walk));
  const least = [...(lines.all ? [] : ["lines" as const]), ...(sessions.all ? [] : ["sessions" as const])];
  return { lines: lines.found, sessions: sessions.found, least };
}

const upTo = (enough: number, { found, all }: Counted): Counted =>
  found < enough ? { found, all } : { found: enough, all: false };

async function linesIn(read: Reader, scope: Scope, walk: ExportSize): Promise<Counted> {
  const { number, visitId } = entry;
  const are = sessionsOfLines(read, scope);
  if (findsFew(scope)) {
    const visits = await visitsLike(read, and(are ?? undefined, isVisit(scope)), walk.sessions);
    const theirs = and(inArray(visitId, visits.ids), toldIn(scope));
    const lines = await read.select({ number }).from(entry).where(theirs).limit(ENOUGH.lines);
    return { found: lines.length, all: visits.all };
  }
  const bounds = await boundsOf(read, scope.filter);
  if (!bounds) return { found: 0, all: true };
  const within = and(gte(number, bounds.first), lte(number, bounds.last ?? scope.until.last));
  const { at } = entry;
  const newest = () => read.select({ number, at, visitId }).from(entry).where(within).orderBy(desc(number)).$dynamic();
  // All of them, also where any will do: the bounds are days of UTC's, and the newest in them may all be after the filter's.
  const walked = newest().limit(walk.lines).as("entry");
  const of = read
    .select({ visitId: walked.visitId, lines: count().as("lines") })
    .from(walked)
    .where(toldIn(scope))
    .groupBy(walked.visitId)
    .as("of");
  const summed = read.select({ found: sql<number>`coalesce(sum(${of.lines}), 0)::int` }).from(of);
  // Looked up one by one: of a doctor there may be more visits than in all these lines.
  const one = read
    .select({ id: visit.id })
    .from(visit)
    .where(and(eq(visit.id, of.visitId), are ?? undefined))
    .limit(1)
    .as("one");
  const [sum] = await (are === null ? summed : summed.innerJoinLateral(one, sql`true`));
  const beyond = await newest().offset(walk.lines).limit(1);
  return { found: sum!.found, all: beyond.length === 0 };
}

async function sessionsOf(read: Reader, scope: Scope, walk: ExportSize): Promise<Counted> {
  if (findsFew(scope)) {
    const { ids, all } = await visitsLike(read, sessionsIn(read, scope), ENOUGH.sessions);
    return { found: ids.length, all };
  }
  const { from, to, clinician } = scope.filter;
  const newest = () =>
    read
      .select()
      .from(visit)
      .where(sessionsLike(read, { from, to, clinician }))
      .orderBy(desc(visit.happenedAt), desc(visit.id))
      .$dynamic();
  const walked = newest().limit(walk.sessions).as("visit");
  const found = await read.select({ id: walked.id }).from(walked).where(sessionsIn(read, scope)).limit(ENOUGH.sessions);
  const beyond = await newest().offset(walk.sessions).limit(1);
  return { found: found.length, all: beyond.length === 0 };
}

/** By these a few visits are found, each by itself; anything else is looked at on the way. */
const findsFew = ({ filter: { visitId, patient, record } }: Scope): boolean =>
  visitId !== undefined || patient !== undefined || (record !== undefined && record !== "final");

const isVisit = ({ filter: { visitId } }: Scope) => (visitId === undefined ? undefined : eq(visit.id, visitId));

async function visitsLike(read: Reader, are: SQL | undefined, most: number): Promise<{ ids: string[]; all: boolean }> {
  const rows = await read
    .select({ id: visit.id })
    .from(visit)
    .where(are)
    .limit(most + 1);
  return { ids: rows.slice(0, most).map(({ id }) => id), all: rows.length <= most };
}
