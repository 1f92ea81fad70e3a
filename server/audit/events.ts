import { and, desc, eq, gte, inArray, isNotNull, isNull, like, lt, or, type SQL, sql } from "drizzle-orm";
import type * as z from "zod/mini";
import { actorOf } from "../../lib/audit/actor.ts";
import type { Line } from "../../lib/audit/api.ts";
import type { Action } from "../../lib/audit/entry.ts";
import {
  type ActFilter,
  EVENTS_PAGE,
  type EventFilter,
  type FollowFilter,
  type listEvents,
} from "../../lib/audit/events.ts";
import { actionGroups, actionsIn, type RefusalReason, wordsIn } from "../../lib/audit/groups.ts";
import type { Staff } from "../../lib/auth/person.ts";
import type { LedgerState } from "../../lib/wire.ts";
import { act, entry, trailHead, user } from "../storage/schema.ts";
import type { Reader, Storage } from "../storage/storage.ts";
import { lineOf, linesOf } from "./audit.ts";
import { byActor, statesOf } from "./session-filter.ts";

/** Lines that one look goes over at most, whatever is asked: what it costs does not depend on how rare a match is. */
const WALK = 20_000;
/** Up to so many acts in a state are found by it; where there are more, going back over the lines soon meets one. */
const FEW = 2_000;

type Answer = z.infer<typeof listEvents.answer>;

/** Every line of the trail, newest first, by what one looks for. Each look is itself on the trail. */
export function openEvents({ storage, walk = WALK }: { storage: Storage; walk?: number }) {
  return {
    list: (staff: Staff, filter: EventFilter): Promise<Answer> =>
      storage.transact(async (tx, finish) => {
        // However old the database's statistics are: it might rather sort a million lines than go along an index.
        await tx.execute(sql`SET LOCAL enable_sort = off`);
        const { numbers, older } = await numbersFor(tx, filter, walk);
        const lines = await linesBy(tx, numbers);
        const visits = visitsLookedAt(filter, lines);
        const last = (await lastOf(tx)) + Math.max(1, visits.length);
        const answer = { lines, older, last, people: await everyone(tx) };
        const look = { actor: actorOf(staff), action: "audit.read", detail: { events: lines.length } } as const;
        const [first, ...others] = visits.map((visitId) => ({ ...look, visitId }));
        return finish(first ? [first, ...others] : look, answer);
      }),
    last: async () => ({ last: await lastOf(storage.read) }),
  };
}

/** Whose patients are told of this look: of whom something was looked for, not of all who are on a page of the log. */
export function visitsLookedAt(filter: EventFilter | FollowFilter, lines: readonly Line[]): string[] {
  const { visit, patient, about } = filter;
  if (!visit && !patient && !about && !("numbers" in filter && filter.numbers)) return [];
  return [...new Set(lines.flatMap(({ entry }) => entry.visitId ?? []))];
}

export const everyone = (read: Reader) => read.select({ id: user.id, name: user.name }).from(user).orderBy(user.name);

export async function lastOf(read: Reader): Promise<number> {
  const [head] = await read.select({ number: trailHead.number }).from(trailHead);
  return head?.number ?? 0;
}

async function linesBy(read: Reader, numbers: number[]) {
  if (numbers.length === 0) return [];
  const rows = await linesOf(read).where(inArray(entry.number, numbers)).orderBy(desc(entry.number));
  return rows.map(lineOf);
}

interface Page {
  numbers: number[];
  older: number | null;
}

/**
 * A page by its numbers. Lines are gone over along strands: one for each value of the filter that has the fewest lines, so
 * that an index has each strand in order; what else is asked is looked at on the way.
 */
async function numbersFor(read: Reader, filter: EventFilter, most: number): Promise<Page> {
  if (filter.numbers !== undefined) {
    const numbers = filter.numbers.split(",").map(Number);
    return { numbers, older: null };
  }
  const bounds = await boundsOf(read, filter);
  const first = bounds?.first ?? 1;
  const before = Math.min(
    filter.before ?? Number.MAX_SAFE_INTEGER,
    bounds === null ? 1 : (bounds.last ?? Infinity) + 1,
  );
  const conditions = await conditionsOf(read, filter);
  const strands = await strandsOf(read, filter);
  const each = Math.ceil(most / Math.max(1, strands.length));
  const found: number[] = [];
  let reached = 0;
  for (const strand of strands) {
    const within = and(strand, lt(entry.number, before), first > 1 ? gte(entry.number, first) : undefined);
    const walk = read.select().from(entry).where(within).orderBy(desc(entry.number)).limit(each).as("entry");
    const rows = await read
      .select({ number: walk.number })
      .from(walk)
      .where(conditions)
      .orderBy(desc(walk.number))
      .limit(EVENTS_PAGE + 1);
    found.push(...rows.map(({ number }) => number));
    if (rows.length <= EVENTS_PAGE) reached = Math.max(reached, await endOf(read, within, each));
  }
  const seen = found.filter((number) => number >= reached).sort((a, b) => b - a);
  const numbers = seen.slice(0, EVENTS_PAGE);
  if (seen.length > numbers.length) return { numbers, older: numbers.at(-1)! };
  return { numbers, older: reached > first ? reached : null };
}

/** The last number that a walk of so many lines comes to; 0 where it comes to the end. */
async function endOf(read: Reader, within: SQL | undefined, most: number): Promise<number> {
  const [end] = await read
    .select({ number: entry.number })
    .from(entry)
    .where(within)
    .orderBy(desc(entry.number))
    .offset(most - 1)
    .limit(1);
  return end?.number ?? 0;
}

/** Everything that a line must be, for whoever goes over lines: each is looked at, none has to be found by it. */
export async function conditionsOf(read: Reader, filter: EventFilter): Promise<SQL | undefined> {
  const { from, to, staff, patient, outcome, ledger, visit, about } = filter;
  return and(
    from ? gte(entry.at, new Date(from).toISOString()) : undefined,
    to ? lt(entry.at, new Date(to).toISOString()) : undefined,
    staff ? and(byActor(staff), eq(sql`${entry.actor} ->> 'is'`, "staff")) : undefined,
    patient ? or(byActor(patient), inArray(entry.visitId, await visitsWith(read, patient))) : undefined,
    filter.act ? inArray(entry.action, actionsFor(filter.act)) : undefined,
    outcome ? endsAs(outcome) : undefined,
    ledger ? inArray(stateOfAct(read), [...statesOf[ledger]]) : undefined,
    visit ? eq(entry.visitId, visit) : undefined,
    about ? or(eq(entry.object, about), eq(entry.consent, about)) : undefined,
  );
}

/** In the order of how few lines there are with one value of it. Without any: the trail itself. */
async function strandsOf(read: Reader, filter: EventFilter): Promise<(SQL | undefined)[]> {
  const { visit, patient, ledger, outcome, staff } = filter;
  if (visit) return [eq(entry.visitId, visit)];
  if (patient) {
    const visits = await visitsWith(read, patient);
    return visits.length > 0 ? visits.map((id) => eq(entry.visitId, id)) : [byActor(patient)];
  }
  if (ledger) {
    const acts = await fewActs(read, statesOf[ledger]);
    if (acts) return [inArray(entry.number, await numbersOf(read, acts))];
  }
  if (outcome && outcome !== "done") return [isNotNull(entry.refusal)];
  if (filter.act) return actionsFor(filter.act).map((action) => eq(entry.action, action));
  if (staff) return [byActor(staff)];
  return [undefined];
}

function actionsFor(filter: z.infer<typeof ActFilter>): Action[] {
  const group = actionGroups.find((one) => one === filter);
  return group ? actionsIn(group) : [filter as Action];
}

function endsAs(outcome: NonNullable<EventFilter["outcome"]>) {
  if (outcome === "done") return isNull(entry.refusal);
  if (outcome === "refused") return isNotNull(entry.refusal);
  return or(...wordsIn(outcome as RefusalReason).map((word) => like(entry.refusal, `${word}.%`)));
}

/** Whoever has a code has it in one visit alone; the trail names them in each line of theirs. */
export async function visitsWith(read: Reader, patient: string): Promise<string[]> {
  const rows = await read
    .selectDistinct({ visitId: entry.visitId })
    .from(entry)
    .where(and(byActor(patient), isNotNull(entry.visitId)))
    .limit(20);
  return rows.map(({ visitId }) => visitId!);
}

/** Of the lines that are gone over alone, one by one: nearly all acts there are would be in a list of them. */
const stateOfAct = (read: Reader) =>
  sql`(${read.select({ state: act.state }).from(act).where(eq(act.id, entry.actId))})`;

/** By the act's index, and then by the line's: in order of numbers alone every line would be gone over. */
async function numbersOf(read: Reader, acts: string[]): Promise<number[]> {
  const rows = await read.select({ number: entry.number }).from(entry).where(inArray(entry.actId, acts));
  return rows.map(({ number }) => number);
}

async function fewActs(read: Reader, states: readonly LedgerState[]): Promise<string[] | null> {
  const rows = await read
    .select({ id: act.id })
    .from(act)
    .where(inArray(act.state, [...states]))
    .limit(FEW + 1);
  return rows.length <= FEW ? rows.map(({ id }) => id) : null;
}

/**
 * Between which numbers the lines of these days are; null where there are none. Lines are in the order of their numbers and
 * a clock may jump, so each day is asked where its lines are: some may be far from the others.
 */
export async function boundsOf(
  read: Reader,
  { from, to }: Pick<EventFilter, "from" | "to">,
): Promise<{ first: number; last: number | null } | null> {
  if (!from && !to) return { first: 1, last: null };
  const day = sql`left(${entry.at}, 10)`;
  const since = from ? new Date(from).toISOString().slice(0, 10) : "";
  const until = to ? new Date(Date.parse(to) - 1).toISOString().slice(0, 10) : "9999";
  const days = sql`(
    WITH RECURSIVE days(day) AS (
      (SELECT ${day} FROM ${entry} WHERE ${day} >= ${since} AND ${day} <= ${until} ORDER BY ${day}, ${entry.number} LIMIT 1)
      UNION ALL
      SELECT (SELECT ${day} FROM ${entry} WHERE ${day} > days.day AND ${day} <= ${until} ORDER BY ${day}, ${entry.number} LIMIT 1)
      FROM days WHERE days.day IS NOT NULL
    ) SELECT day FROM days WHERE day IS NOT NULL
  ) AS days`;
  const edge = (order: SQL) =>
    sql<number>`(SELECT ${entry.number} FROM ${entry} WHERE ${day} = days.day ORDER BY ${order} LIMIT 1)`;
  const [bounds] = await read
    .select({
      first: sql<number | null>`min(${edge(sql`${entry.number}`)})`,
      last: sql<number | null>`max(${edge(sql`${entry.number} DESC`)})`,
    })
    .from(days);
  if (bounds?.first == null) return null;
  return { first: Number(bounds.first), last: Number(bounds.last) };
}
