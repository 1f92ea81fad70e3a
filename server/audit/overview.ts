import {
  and,
  asc,
  count,
  desc,
  eq,
  gte,
  inArray,
  isNotNull,
  isNull,
  lt,
  lte,
  min,
  notInArray,
  sql,
  sum,
} from "drizzle-orm";
import { Actor, type Entry } from "../../lib/audit/entry.ts";
import type { Overview } from "../../lib/audit/overview.ts";
import type { StoresFigures } from "../../lib/audit/stores.ts";
import { SCORES } from "../../lib/call/rating.ts";
import { VisitId } from "../../lib/visits/visit.ts";
import { act, blob, consent, entry, rating, user, visit } from "../storage/schema.ts";
import type { Space } from "../storage/space.ts";
import type { Reader, Storage } from "../storage/storage.ts";
import { isOfDoctor } from "../storage/whole.ts";
import { HARMLESS } from "./session-filter.ts";

const WEEK = 7;
/** Seconds in one step of the ledger's day. */
const STEP = 1_800;

/**
 * The clinic in figures, between the instants at which the reader's days begin. Each is found by an index of its own and
 * is about no patient, so looking leaves no line on the trail: this page asks again by itself all day long.
 */
export function openOverview({ storage, mail, space, stores, now }: Rooms) {
  const { read } = storage;
  return async (days: Date[]): Promise<Overview> => {
    const at = now();
    const [today, end] = days.slice(-2) as [Date, Date];
    const week = days.at(-1 - WEEK)!;
    return {
      at: at.toISOString(),
      visits: await visitsBy(read, days),
      ahead: await read.$count(
        visit,
        and(eq(visit.state, "planned"), gte(visit.plannedFor, today), lt(visit.plannedFor, end)),
      ),
      waiting: await waitingNow(read),
      refusals: await refusalsOf(read, week, end),
      ledger: await delayOf(read, today, end),
      ratings: await ratingsOf(read, week, end),
      mailFolder: mail.folder,
      storage: { files: await bytesOfFiles(read), ...(await space()), ...(await stores()) },
      verified: await lastVerified(read),
    };
  };
}

export interface Rooms {
  storage: Storage;
  mail: { readonly folder: string | null };
  /** The disk the database is on. */
  space(): Promise<Space>;
  /** Where the files are. */
  stores(): Promise<StoresFigures>;
  now(): Date;
}

const refusedBetween = (from: Date, to: Date) =>
  and(
    isNotNull(entry.refusal),
    notInArray(entry.refusal, HARMLESS),
    gte(entry.at, from.toISOString()),
    lt(entry.at, to.toISOString()),
  );

/** A visit counts on the day its patient gave a permission: who pressed *Not now* left no trace, here neither. */
async function visitsBy(read: Reader, days: Date[]): Promise<Overview["visits"]> {
  const [first, end] = [days[0]!, days.at(-1)!];
  const starts = `{${days.map((day) => day.toISOString()).join()}}`;
  const day = sql<number>`width_bucket(${consent.grantedAt}, ${starts}::timestamptz[])`;
  const refused = read.select({ visitId: entry.visitId }).from(entry).where(refusedBetween(first, end));
  const rows = await read
    .select({
      day,
      authorized: count(),
      refused: sql<number>`count(*) FILTER (WHERE ${inArray(consent.visitId, refused)})`.mapWith(Number),
    })
    .from(consent)
    .where(and(isOfDoctor, gte(consent.grantedAt, first), lt(consent.grantedAt, end)))
    .groupBy(sql`1`);
  return days.slice(1).map((_, i) => {
    const found = rows.find((row) => row.day === i + 1);
    return { authorized: found?.authorized ?? 0, refused: found?.refused ?? 0 };
  });
}

async function waitingNow(read: Reader): Promise<Overview["waiting"]> {
  const waits = eq(visit.state, "waiting");
  const [longest] = await read
    .select({ clinician: user.name, since: visit.waitingSince })
    .from(visit)
    .innerJoin(user, eq(user.id, visit.clinicianId))
    .where(and(waits, isNotNull(visit.waitingSince)))
    .orderBy(asc(visit.waitingSince))
    .limit(1);
  return {
    people: await read.$count(visit, waits),
    longest: longest?.since ? { clinician: longest.clinician, since: longest.since.toISOString() } : null,
  };
}

async function refusalsOf(read: Reader, from: Date, to: Date): Promise<Overview["refusals"]> {
  const times = count();
  const rows = await read
    .select({ code: entry.refusal, times })
    .from(entry)
    .where(refusedBetween(from, to))
    .groupBy(entry.refusal)
    .orderBy(desc(times), asc(entry.refusal));
  return rows.map(({ code, times }) => ({ code: code ?? "", times }));
}

async function delayOf(read: Reader, from: Date, to: Date): Promise<Overview["ledger"]> {
  const took = sql<number>`greatest(0, round(extract(epoch FROM ${act.ledgerAt} - ${act.savedAt}) * 1000))`;
  const step = sql`floor(extract(epoch FROM ${act.ledgerAt} - ${from.toISOString()}::timestamptz) / ${sql.raw(String(STEP))})`;
  const today = and(gte(act.ledgerAt, from), lt(act.ledgerAt, to));
  const slowest = await read
    .select({
      at: sql`(array_agg(${act.ledgerAt} ORDER BY ${took} DESC))[1]`.mapWith(act.ledgerAt),
      took: sql`max(${took})`.mapWith(Number),
    })
    .from(act)
    .where(today)
    .groupBy(step)
    .orderBy(min(act.ledgerAt));
  const [latest] = await read
    .select({ at: act.ledgerAt, took: took.mapWith(Number) })
    .from(act)
    .where(today)
    .orderBy(desc(act.ledgerAt))
    .limit(1);
  const [waiting] = await read
    .select({ since: min(act.savedAt) })
    .from(act)
    .where(inArray(act.state, ["saved", "sent"]));
  const [last] = await read
    .select({ receipt: act.receipt })
    .from(act)
    .where(isNotNull(act.receipt))
    .orderBy(desc(act.order))
    .limit(1);
  return {
    latest: latest ? { at: latest.at!.toISOString(), took: latest.took } : null,
    slowest: slowest.map(({ at, took }) => ({ at: at.toISOString(), took })),
    waitingSince: waiting?.since?.toISOString() ?? null,
    promised: last?.receipt ? (last.receipt.deadline - last.receipt.savedAt) * 1_000 : null,
  };
}

/** By the server's own days, which is where they are counted. */
async function ratingsOf(read: Reader, from: Date, to: Date): Promise<Overview["ratings"]> {
  const day = (at: Date) => at.toISOString().slice(0, 10);
  const rows = await read
    .select({ score: rating.score, times: sum(rating.times).mapWith(Number) })
    .from(rating)
    .where(and(gte(rating.day, day(from)), lte(rating.day, day(to))))
    .groupBy(rating.score);
  return SCORES.map((score) => rows.find((row) => row.score === score)?.times ?? 0);
}

async function bytesOfFiles(read: Reader): Promise<number> {
  const [files] = await read.select({ bytes: sum(blob.size).mapWith(Number) }).from(blob);
  return files?.bytes ?? 0;
}

/** What the trail says of the last check of the whole log; one of a single session names its visit. */
async function lastVerified(read: Reader): Promise<Overview["verified"]> {
  const [last] = await read
    .select()
    .from(entry)
    .where(and(eq(entry.action, "audit.verified" satisfies Entry["action"]), isNull(entry.visitId)))
    .orderBy(desc(entry.number))
    .limit(1);
  if (!last) return null;
  const by = Actor.safeParse(last.actor).data?.id ?? "";
  const [person] = await read.select({ name: user.name }).from(user).where(eq(user.id, by));
  const told = (name: string) => Number(last.detail[name] ?? 0);
  return {
    at: last.at,
    by: person?.name ?? "Someone of the staff",
    lines: told("lines"),
    failed: told("failed"),
    line: last.detail.first === undefined ? null : await lineNumbered(read, told("first")),
  };
}

async function lineNumbered(read: Reader, number: number) {
  const [line] = await read
    .select({ number: entry.number, at: entry.at, visitId: entry.visitId })
    .from(entry)
    .where(eq(entry.number, number));
  return line ? { ...line, visitId: VisitId.safeParse(line.visitId).data ?? null } : null;
}
