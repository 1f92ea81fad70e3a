import { desc, eq, sql } from "drizzle-orm";
import { entryHash, GENESIS } from "../../lib/audit/log.ts";
import { randomHex } from "../../lib/keyring/bytes.ts";
import { Refusal } from "../../lib/refusal.ts";
import { isDiskFull } from "./disk-full.ts";
import { entry as entries, trailHead } from "./schema.ts";
import type { NewEntry, Writer } from "./storage.ts";

/** Where the trail ends: the last number, and its hash. */
interface Head {
  readonly number: number;
  readonly hash: string;
}

export interface Trail {
  /**
   * Appends lines: numbered without a gap, each chained to the one before. Resolves to the number of the last. Throws `Refusal("trail.closed")` where the
   * database takes none: then nothing of what they tell of may happen, or be read.
   */
  append(tx: Writer, lines: readonly NewEntry[], now: () => Date): Promise<number>;
}

/** Visits whose last line's number is remembered. */
const MOST_VISITS = 1_000;

export function openTrail(): Trail {
  /**
   * Where it ended when we looked last, and how many lines of some visits there were then. A transaction that was undone, or
   * another writer, makes it a guess: it counts where the statement that appends finds the head so.
   */
  let kept: Head | null = null;
  const ofVisits = new Map<string, number>();

  async function append(tx: Writer, lines: readonly NewEntry[], now: () => Date): Promise<number> {
    for (;;) {
      if (kept === null) ofVisits.clear();
      const head = kept ?? (await headOf(tx));
      for (const { visitId } of lines)
        if (visitId && !ofVisits.has(visitId)) ofVisits.set(visitId, await lastOf(tx, visitId));
      const rows = chained(head, lines, new Map(ofVisits), now);
      const { number, hash } = rows.at(-1)!;
      const last = { number, hash };
      kept = null;
      if (!(await put(tx, head, last, rows))) continue;
      kept = last;
      for (const { visitId, ofVisit } of rows) if (visitId !== null) remember(visitId, ofVisit!);
      return number;
    }
  }

  function remember(visitId: string, ofVisit: number): void {
    ofVisits.delete(visitId);
    ofVisits.set(visitId, ofVisit);
    if (ofVisits.size > MOST_VISITS) ofVisits.delete(ofVisits.keys().next().value!);
  }

  return {
    append: async (tx, lines, now) => {
      try {
        return await append(tx, lines, now);
      } catch (error) {
        if (isDiskFull(error)) throw error;
        throw Object.assign(new Refusal("trail.closed"), { cause: error });
      }
    },
  };
}

function chained(head: Head, lines: readonly NewEntry[], ofVisits: Map<string, number>, now: () => Date) {
  let { number, hash: previous } = head;
  return lines.map((line) => {
    number += 1;
    const { visitId = null } = line;
    const ofVisit = visitId === null ? null : (ofVisits.get(visitId) ?? 0) + 1;
    if (visitId !== null) ofVisits.set(visitId, ofVisit!);
    const bare = {
      number,
      at: now().toISOString(),
      actor: line.actor,
      action: line.action,
      visitId,
      ofVisit,
      object: line.object ?? null,
      consent: line.consent ?? null,
      refusal: line.refusal ?? null,
      detail: line.detail ?? {},
      salt: randomHex(16),
      previous,
    };
    const hash = entryHash(bare);
    previous = hash;
    return { ...bare, hash, actId: line.actId ?? null };
  });
}

/** The head as it is, held until this transaction ends. */
async function headOf(tx: Writer): Promise<Head> {
  await tx.insert(trailHead).values({ id: 1, number: 0, hash: GENESIS }).onConflictDoNothing();
  const [head] = await tx.select().from(trailHead).where(eq(trailHead.id, 1)).for("update");
  if (!head) throw new Error("The trail has no head.");
  return head;
}

/** How many lines the trail has of a visit. */
async function lastOf(tx: Writer, visitId: string): Promise<number> {
  const [last] = await tx
    .select({ ofVisit: entries.ofVisit })
    .from(entries)
    .where(eq(entries.visitId, visitId))
    .orderBy(desc(entries.number))
    .limit(1);
  return last?.ofVisit ?? 0;
}

/**
 * Moves the head on and puts the lines behind it, in one statement, since each takes as long as all of these rows. The head's
 * row lock puts writers in order. False, with nothing changed, where the head is another by now.
 */
async function put(tx: Writer, head: Head, last: Head, rows: ReturnType<typeof chained>): Promise<boolean> {
  const lines = rows.map(
    (row) => sql`(${row.number}::bigint, ${row.at}, ${JSON.stringify(row.actor)}::jsonb, ${row.action},
      ${row.visitId}, ${row.ofVisit}::integer, ${row.object}, ${row.consent}, ${row.refusal},
      ${JSON.stringify(row.detail)}::jsonb, ${row.salt}, ${row.previous}, ${row.hash}, ${row.actId})`,
  );
  const done = await tx.execute(sql`
    WITH head AS (
      UPDATE trail_head SET number = ${last.number}, hash = ${last.hash} WHERE id = 1 AND hash = ${head.hash} RETURNING id
    )
    INSERT INTO entry (number, at, actor, action, visit_id, of_visit, object, consent, refusal, detail, salt, previous, hash, act_id)
    SELECT line.* FROM head, (VALUES ${sql.join(lines, sql`, `)}) AS line
    RETURNING number`);
  return done.rows.length > 0;
}
