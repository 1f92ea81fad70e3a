import { asc, gt, inArray } from "drizzle-orm";
import { actorOf } from "../../lib/audit/actor.ts";
import type { FollowFilter } from "../../lib/audit/events.ts";
import type { Staff } from "../../lib/auth/person.ts";
import { randomHex } from "../../lib/keyring/bytes.ts";
import { Refusal } from "../../lib/refusal.ts";
import { entry } from "../storage/schema.ts";
import type { Storage } from "../storage/storage.ts";
import { lineOf, linesOf } from "./audit.ts";
import { conditionsOf, everyone, lastOf, visitsLookedAt } from "./events.ts";

/** Milliseconds after which somebody who did not ask any more is gone. */
const SILENCE = 150_000;
/** Lines that one question goes over. */
const AT_ONCE = 500;
/** Open at once for one person: each is a page of theirs. */
const MOST = 10;

interface Following {
  readonly staff: Staff;
  readonly from: number;
  told: number;
  heardAt: number;
  /** Visits whose patients were told that these lines are followed. */
  readonly named: Set<string>;
}

/**
 * New lines as they come. A line for each delivery would be a new line to deliver, without end: instead one says from which
 * line on everything may be seen, and one at the end how many were. Nothing is told to whom the first is not written of.
 */
export function openFollowing({ storage }: { storage: Storage }) {
  const open = new Map<string, Following>();

  async function begin(staff: Staff) {
    const mine = [...open].filter(([, one]) => one.staff.id === staff.id);
    if (mine.length >= MOST) await end(mine[0]![0]);
    const id = randomHex(16).slice(2);
    const from = await storage.transact(async (tx, finish) => {
      const last = (await lastOf(tx)) + 1;
      return finish({ actor: actorOf(staff), action: "audit.follow-began", detail: { from: last } }, last);
    });
    open.set(id, { staff, from, told: 0, heardAt: performance.now(), named: new Set() });
    return { id, from };
  }

  async function lines(staff: Staff, { id, after, ...filter }: FollowFilter) {
    const one = mine(staff, id);
    one.heardAt = performance.now();
    const since = Math.max(after, one.from);
    const { read } = storage;
    const last = await lastOf(read);
    const walk = read
      .select()
      .from(entry)
      .where(gt(entry.number, since))
      .orderBy(asc(entry.number))
      .limit(AT_ONCE)
      .as("entry");
    const found = await read
      .select({ number: walk.number })
      .from(walk)
      .where(await conditionsOf(read, filter));
    const numbers = found.map(({ number }) => number);
    const rows = numbers.length > 0 ? await linesOf(read).where(inArray(entry.number, numbers)) : [];
    one.told += rows.length;
    const lines = rows.map(lineOf).sort((a, b) => b.entry.number - a.entry.number);
    await tellPatients(one, visitsLookedAt(filter, lines));
    return {
      lines,
      seen: Math.max(since, Math.min(last, since + AT_ONCE)),
      people: await everyone(read),
    };
  }

  /** Once for each visit that is looked for: that line is itself a new one, and told. */
  async function tellPatients({ staff, named }: Following, visits: string[]): Promise<void> {
    const [first, ...others] = visits
      .filter((visitId) => !named.has(visitId))
      .map((visitId) => ({ actor: actorOf(staff), action: "audit.read" as const, visitId }));
    if (!first) return;
    await storage.transact((_, finish) => finish([first, ...others], undefined));
    for (const visitId of visits) named.add(visitId);
  }

  function mine(staff: Staff, id: string): Following {
    const one = open.get(id);
    if (!one || one.staff.id !== staff.id) throw new Refusal("audit.not-following");
    return one;
  }

  async function end(id: string): Promise<void> {
    const one = open.get(id);
    if (!one) return;
    open.delete(id);
    const detail = { from: one.from, lines: one.told };
    try {
      await storage.transact((_, finish) =>
        finish({ actor: actorOf(one.staff), action: "audit.follow-ended", detail }, undefined),
      );
    } catch (error) {
      // It is told with the next sweep: nobody followed lines without a line that says how many.
      open.set(id, one);
      throw error;
    }
  }

  const sweep = setInterval(() => {
    for (const [id, one] of open) if (performance.now() - one.heardAt > SILENCE) void end(id).catch(() => undefined);
  }, SILENCE / 4).unref();

  return {
    begin,
    lines,
    end: async (staff: Staff, id: string) => {
      mine(staff, id);
      await end(id);
      return {};
    },
    close: async () => {
      clearInterval(sweep);
      for (const id of [...open.keys()]) await end(id).catch(() => undefined);
    },
  };
}
