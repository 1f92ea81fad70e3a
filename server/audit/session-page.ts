import { and, desc, type SQL, sql } from "drizzle-orm";
import type * as z from "zod/mini";
import type { SessionFilter } from "../../lib/audit/api.ts";
import { visit } from "../storage/schema.ts";
import type { Writer } from "../storage/storage.ts";
import { cursorIn, cursorOf } from "./cursor.ts";
import { sessionsLike } from "./session-filter.ts";

const SESSIONS = 50;
/** Visits that one look goes over at most, whatever is asked: what it costs does not depend on how rare a match is. */
const WALK = 3_000;

type Filter = z.infer<typeof SessionFilter>;
interface Key {
  id: string;
  happenedAt: Date;
}

/** One page of sessions, newest first, by their ids. Depth costs nothing: the cursor is a key. */
export async function sessionPage(
  tx: Writer,
  filter: Filter,
  most = WALK,
): Promise<{ ids: string[]; older: string | null }> {
  const { before: cursor, from, to, clinician, ...rest } = filter;
  const before = cursor === undefined ? null : cursorIn(cursor);
  const within = and(
    sessionsLike(tx, { from, to, clinician }),
    before ? sql`(${visit.happenedAt}, ${visit.id}) < (${before.at}::timestamptz, ${before.id})` : undefined,
  );
  const wanted = sessionsLike(tx, rest);
  // Of these there are few, and each is found by itself.
  const few = rest.patient ?? rest.visits ?? (rest.record === "final" ? undefined : rest.record);
  const found = few === undefined ? await walked(tx, within, wanted, most) : await listed(tx, and(within, wanted));
  const shown = found.slice(0, SESSIONS);
  if (found.length > SESSIONS) return { ids: idsOf(shown), older: after(shown.at(-1)!) };
  const end = few === undefined && wanted ? (await listed(tx, within, most - 1, 1))[0] : undefined;
  return { ids: idsOf(shown), older: end ? after(end) : null };
}

const listed = (tx: Writer, where: SQL | undefined, offset = 0, most = SESSIONS + 1): Promise<Key[]> =>
  tx
    .select({ id: visit.id, happenedAt: visit.happenedAt })
    .from(visit)
    .where(where)
    .orderBy(desc(visit.happenedAt), desc(visit.id))
    .offset(offset)
    .limit(most);

async function walked(tx: Writer, within: SQL | undefined, wanted: SQL | undefined, most: number): Promise<Key[]> {
  if (!wanted) return listed(tx, within);
  const walk = tx
    .select()
    .from(visit)
    .where(within)
    .orderBy(desc(visit.happenedAt), desc(visit.id))
    .limit(most)
    .as("visit");
  return tx
    .select({ id: walk.id, happenedAt: walk.happenedAt })
    .from(walk)
    .where(wanted)
    .orderBy(desc(walk.happenedAt), desc(walk.id))
    .limit(SESSIONS + 1);
}

const idsOf = (keys: readonly Key[]) => keys.map(({ id }) => id);
const after = ({ id, happenedAt }: Key) => cursorOf(happenedAt, id);
