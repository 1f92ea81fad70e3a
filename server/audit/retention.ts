import { randomBytes } from "node:crypto";
import { and, eq, exists, gt, gte, inArray, isNull, lt, max, min, ne, not, notInArray, or, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { Action, Entry } from "../../lib/audit/entry.ts";
import { entryHash } from "../../lib/audit/log.ts";
import { boundOf, emptied, openGo } from "../../lib/audit/retained.ts";
import { consent, entry, erasure, finding, retention as goneFor, review, trailHead, visit } from "../storage/schema.ts";
import type { Reader, Storage } from "../storage/storage.ts";
import { lastCheckpoint } from "./growth.ts";

/** Lines that others are held to for as long as there are any: keys and steps of reviews; and what is emptied already. */
const KEPT: Action[] = [
  ...(["key.brought", "key.enrolled", "key.removed"] as const),
  ...(["review.assigned", "review.commented", "review.closed", "review.reopened"] as const),
  ...(["finding.dismissed", "finding.restored", "trail.retained", emptied.action] as const),
];

/** Numbers that are looked through, and emptied, at once: nobody waits long for the database. */
const WINDOW = 2_000;
const HOUR = 3_600_000;
/** Hours of the practice's night, from and before: the table is written anew, and nobody else is answered meanwhile. */
const NIGHT = { from: 2, to: 5 };

interface Rooms {
  storage: Storage;
  /** Whether the log signs nothing any more: then nothing of it is touched. */
  halted?: () => boolean;
  /** Hears of a line that is old enough and does not say what its hash was made of: it stays, so that this can be seen. */
  doubted?: (line: number) => void;
  /** How long the practice keeps lines. */
  years: number;
  now: () => Date;
}

/**
 * Empties the lines that are older than the practice keeps them, and keeps what the proofs of others need. A window of
 * numbers is one transaction with its own line, so it may be stopped and begun again anywhere. See docs/decisions/0028.
 */
export function openRetention({ storage, halted = () => false, doubted = () => undefined, years, now }: Rooms) {
  /** A month goes at a time, when all of it is old: the table is written anew once a month, not every day. */
  function boundNow(): string {
    const at = now();
    return boundOf(new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1)), years).toISOString();
  }

  /** The numbers of this window whose lines are to go. Nobody could ever make an emptied line's hash again, so it is made now. */
  async function dueIn(read: Reader, from: number, to: number): Promise<{ due: number[]; changed: number[] }> {
    const bound = boundNow();
    const rows = await read
      .select()
      .from(entry)
      .where(
        and(
          gte(entry.number, from),
          lt(entry.number, to),
          lt(entry.at, bound),
          notInArray(entry.action, KEPT),
          not(exists(laterOf(read, bound))),
          not(exists(openOf(read, now()))),
        ),
      )
      .orderBy(entry.number);
    const due: number[] = [];
    const changed: number[] = [];
    for (const line of rows) (entryHash(line as Entry) === line.hash ? due : changed).push(line.number);
    return { due, changed };
  }

  async function empty(from: number, to: number): Promise<number> {
    return storage.transact(async (tx, finish) => {
      const { due } = await dueIn(tx, from, to);
      const batch = randomBytes(16).toString("hex");
      const { actor, ...rest } = emptied;
      const since = now().toISOString();
      const gone = await tx
        .update(entry)
        .set({ ...rest, actor, detail: { since, batch } })
        .where(inArray(entry.number, due))
        .returning({ number: entry.number, at: entry.at, hash: entry.hash });
      const go = openGo();
      for (const line of gone.sort((a, b) => a.number - b.number)) go.add(line);
      const detail = { ...go.told(), since, years };
      return finish(
        { actor: { is: "system", id: "retention" }, action: "trail.retained", object: batch, detail },
        gone.length,
      );
    });
  }

  /** Goes through the log once; resolves to how many lines were, or without `really` would be, emptied. */
  async function run(options: { really?: boolean; stopped?: () => boolean } = {}): Promise<number> {
    const { really = true, stopped = () => false } = options;
    const [head] = await storage.read.select({ number: trailHead.number }).from(trailHead);
    // What no checkpoint covers is made anew from what its line says when the log is signed.
    const signed = halted() ? null : await lastCheckpoint(storage);
    const end = Math.min(head?.number ?? 0, (signed?.size ?? 1) - 1);
    const bound = boundNow();
    let lines = 0;
    for (let from = 1; from <= end && !stopped(); from += WINDOW) {
      const to = Math.min(from + WINDOW, end + 1);
      const [oldest] = await storage.read
        .select({ at: min(entry.at) })
        .from(entry)
        .where(and(gte(entry.number, from), lt(entry.number, to)));
      if (!oldest?.at || oldest.at >= bound) break;
      const { due, changed } = await dueIn(storage.read, from, to);
      changed.forEach(doubted);
      if (due.length > 0) lines += really ? await empty(from, to) : due.length;
    }
    if (really) await scour();
    return lines;
  }

  /** From then on what was emptied is in no file of the database any more, also where it was emptied before a crash. */
  async function scour(): Promise<void> {
    const [last] = await storage.read
      .select({ number: max(entry.number) })
      .from(entry)
      .where(eq(entry.action, "trail.retained"));
    const [done] = await storage.read.select().from(goneFor);
    if (!last?.number || last.number <= (done?.scoured ?? 0)) return;
    const scoured = last.number;
    await storage.scour([entry]);
    await storage.keepBooks((tx) =>
      tx.insert(goneFor).values({ id: 1, scoured }).onConflictDoUpdate({ target: goneFor.id, set: { scoured } }),
    );
  }

  return { run };
}

export type Retention = ReturnType<typeof openRetention>;

const later = alias(entry, "later");

/** Something of the line's visit was told later: it stays whole, so that its evidence does. */
const laterOf = (read: Reader, bound: string) =>
  read
    .select({ number: later.number })
    .from(later)
    .where(and(eq(later.visitId, entry.visitId), gte(later.at, bound)));

/** The line's visit, where it is not over, its erasure is asked for, somebody may still read it, or it is under review. */
function openOf(read: Reader, at: Date) {
  const seconds = Math.floor(at.getTime() / 1_000);
  const asked = read
    .select({ id: erasure.id })
    .from(erasure)
    .where(and(eq(erasure.visitId, visit.id), isNull(erasure.erasedAt)));
  const live = read
    .select({ id: consent.id })
    .from(consent)
    .where(
      and(
        eq(consent.visitId, visit.id),
        isNull(consent.revokedAt),
        sql`(${consent.consent}->>'validUntil')::bigint >= ${seconds}`,
      ),
    );
  const open = read
    .select({ about: review.about })
    .from(review)
    .leftJoin(finding, eq(finding.id, review.about))
    .where(and(eq(review.state, "open"), or(eq(review.about, visit.id), eq(finding.visitId, visit.id))));
  return read
    .select({ id: visit.id })
    .from(visit)
    .where(
      and(
        eq(visit.id, entry.visitId),
        or(and(ne(visit.state, "over"), gt(visit.linkExpiresAt, at)), exists(asked), exists(live), exists(open)),
      ),
    );
}

/** Runs by the clock: a minute after the start, when nobody is there yet, and then every night. */
export function retainNightly(
  retention: Retention,
  when: { now: () => Date; timeZone: string },
  told: { done: (lines: number) => void; failed: (error: unknown) => void },
): { close(): Promise<void> } {
  let stopped = false;
  let running: Promise<void> = Promise.resolve();
  const go = () => {
    running = running.then(async () => {
      if (stopped) return;
      await retention.run({ stopped: () => stopped }).then(told.done, told.failed);
    });
  };
  const first = setTimeout(go, 60_000).unref();
  const hourly = setInterval(() => isNight(when.now(), when.timeZone) && go(), HOUR).unref();
  return {
    close: async () => {
      stopped = true;
      clearTimeout(first);
      clearInterval(hourly);
      await running;
    },
  };
}

export function isNight(at: Date, timeZone: string): boolean {
  const hour = Number(new Intl.DateTimeFormat("en-GB", { hour: "2-digit", hourCycle: "h23", timeZone }).format(at));
  return NIGHT.from <= hour && hour < NIGHT.to;
}
