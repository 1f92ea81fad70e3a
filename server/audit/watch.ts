import { setImmediate as others } from "node:timers/promises";
import { and, asc, eq, gt, inArray, sql } from "drizzle-orm";
import { Actor } from "../../lib/audit/entry.ts";
import { MOST_LINES, openRules, type Recent, RULES, type SeenVisit, unseen } from "../../lib/audit/unusual.ts";
import type { LedgerLog } from "../ledger/act.ts";
import { withoutValues } from "../log.ts";
import { entry, finding, trailHead, watch, watchedVisit } from "../storage/schema.ts";
import type { Reader, Storage, Writer } from "../storage/storage.ts";

/** Looks for what is unusual on the trail, as it grows. */
export interface Watch {
  /** Looks through all there is by now. */
  advance(): Promise<void>;
  close(): Promise<void>;
}

interface WatchOptions {
  storage: Storage;
  /** The practice's, by its IANA name. */
  timeZone: string;
  log: LedgerLog;
  /** Milliseconds between two looks; null never looks by itself. */
  every?: number | null;
  /** Lines that are read at a time. What is found does not depend on it. */
  atOnce?: number;
}

type Row = typeof finding.$inferSelect;

/**
 * What is found and how far the trail was read are one commit: after a crash it goes on with the next line, and no line counts
 * twice. Other rules, or another time zone, begin anew.
 */
export function openWatch({ storage, timeZone, log, every = 5_000, atOnce = 1_000 }: WatchOptions): Watch {
  const see = openRules(timeZone);
  const rules = `${RULES} ${timeZone}`;
  let closed = false;

  /** The next lines; false where there are none. */
  async function slice(): Promise<boolean> {
    const { read } = storage;
    const [standing] = await read.select().from(watch);
    if (standing && standing.rules !== rules) await storage.keepBooks(forget);
    const before = standing?.rules === rules ? standing : null;
    const from = before?.number ?? 0;
    const lines = await read
      .select()
      .from(entry)
      .where(gt(entry.number, from))
      .orderBy(asc(entry.number))
      .limit(atOnce);
    if (lines.length === 0) return false;

    const kept = await visitsOf(read, [...new Set(lines.flatMap(({ visitId }) => visitId ?? []))]);
    const visits = new Map(kept.map(({ visitId, seen }) => [visitId, structuredClone(seen)]));
    const recent: Recent = before?.recent ?? {};
    const begun = new Map<string, Row>();
    const more = new Map<string, Pick<Row, "number" | "at">[]>();
    for (const line of lines) {
      // A line that somebody changed is for Verify all to tell.
      const actor = Actor.safeParse(line.actor).data;
      if (!actor || Number.isNaN(Date.parse(line.at))) continue;
      if (line.visitId !== null && !visits.has(line.visitId)) visits.set(line.visitId, unseen());
      for (const one of see(line, line.visitId === null ? null : visits.get(line.visitId)!, recent)) {
        if (one.is === "more") more.set(one.id, [...(more.get(one.id) ?? []), line]);
        else
          begun.set(one.id, {
            ...{ id: one.id, rule: one.rule, why: one.why, lines: [...one.lines], times: one.lines.length },
            ...{ number: line.number, actor, visitId: line.visitId, at: line.at, until: line.at },
          });
      }
    }
    const there =
      more.size > 0
        ? await read
            .select()
            .from(finding)
            .where(inArray(finding.id, [...more.keys()]))
        : [];
    for (const [id, marks] of more) {
      const row = begun.get(id) ?? there.find((one) => one.id === id);
      // Its first line was emptied, and it with that.
      if (!row) continue;
      for (const { number, at } of marks) {
        row.times += 1;
        row.until = at;
        if (row.lines.length < MOST_LINES) row.lines.push(number);
      }
    }
    const was = new Map(kept.map(({ visitId, seen }) => [visitId, JSON.stringify(seen)]));
    const changed = [...visits].filter(([visitId, seen]) => was.get(visitId) !== JSON.stringify(seen));
    await storage.keepBooks(async (tx) => {
      await moveOn(tx, from, { id: 1, number: lines.at(-1)!.number, rules, recent });
      if (begun.size > 0) await tx.insert(finding).values([...begun.values()]);
      for (const { id, times, until, lines } of there)
        await tx.update(finding).set({ times, until, lines }).where(eq(finding.id, id));
      await keepVisits(tx, changed);
      const goes = lines.flatMap(({ action, object }) => (action === "trail.retained" ? (object ?? []) : []));
      if (goes.length > 0) await forgetEmptied(tx, goes);
    });
    return true;
  }

  async function look(): Promise<void> {
    // Whoever waits for the database comes between two slices.
    while (!closed && (await slice())) await others();
  }

  let last: Promise<void> = Promise.resolve();
  const advance = () => {
    const turn = last.then(look);
    last = turn.catch((error: unknown) =>
      log.warn(withoutValues(error), "The trail could not be looked through for now."),
    );
    return turn;
  };
  let looking = false;
  const tick = () => {
    if (looking) return;
    looking = true;
    void advance()
      .catch(() => undefined)
      .finally(() => {
        looking = false;
      });
  };
  const clock = every === null ? null : setInterval(tick, every).unref();

  return {
    advance,
    close: async () => {
      closed = true;
      if (clock) clearInterval(clock);
      await last;
    },
  };
}

/** How many lines were looked through, and how many there are. */
export async function standingOf(read: Reader): Promise<{ seen: number; last: number }> {
  const [row] = await read.select({ number: watch.number }).from(watch);
  const [head] = await read.select({ number: trailHead.number }).from(trailHead);
  return { seen: row?.number ?? 0, last: head?.number ?? 0 };
}

async function forget(tx: Writer): Promise<void> {
  await tx.delete(finding);
  await tx.delete(watchedVisit);
  await tx.delete(watch);
}

/** What was made of lines that these goes emptied says no more than they do. */
async function forgetEmptied(tx: Writer, goes: string[]): Promise<void> {
  const gone = and(eq(entry.action, "line.retained"), inArray(sql`${entry.detail}->>'batch'`, goes));
  await tx.delete(finding).where(inArray(finding.number, tx.select({ number: entry.number }).from(entry).where(gone)));
  await tx
    .update(watchedVisit)
    .set({ seen: { ...unseen(), emptied: true } })
    .where(
      inArray(
        watchedVisit.visitId,
        tx
          .select({ visitId: sql<string>`${entry.visitId}` })
          .from(entry)
          .where(gone),
      ),
    );
}

/** Only from where these lines were read from. */
async function moveOn(tx: Writer, from: number, next: typeof watch.$inferInsert): Promise<void> {
  const moved = await tx
    .insert(watch)
    .values(next)
    .onConflictDoUpdate({ target: watch.id, set: next, setWhere: eq(watch.number, from) })
    .returning({ id: watch.id });
  if (moved.length === 0) throw new Error(`The trail was looked through from line ${from} already.`);
}

const visitsOf = async (read: Reader, ids: string[]) =>
  ids.length > 0 ? read.select().from(watchedVisit).where(inArray(watchedVisit.visitId, ids)) : [];

async function keepVisits(tx: Writer, changed: [string, SeenVisit][]): Promise<void> {
  if (changed.length === 0) return;
  await tx
    .insert(watchedVisit)
    .values(changed.map(([visitId, seen]) => ({ visitId, seen })))
    .onConflictDoUpdate({ target: watchedVisit.visitId, set: { seen: sql`excluded.seen` } });
}
