import type { PGlite } from "@electric-sql/pglite";

/** Lines of the trail before anything is counted: of few rows every way is short. */
const LEAST = 1_000;

export interface Statistics {
  /** The trail has this many lines now: with twice as many as last time, the rows are counted anew. */
  grown(lines: number): void;
  /** Until what was begun is over. */
  over(): Promise<void>;
}

/**
 * What the database's planner knows of its tables. PostgreSQL has a process that counts rows as they come; the embedded one
 * has none, takes a log of a million lines for one of a few hundred, and reads all of it.
 */
export async function openStatistics(database: PGlite): Promise<Statistics> {
  const { rows } = await database.query<{ lines: number; counted: number }>(
    `SELECT coalesce((SELECT number FROM trail_head), 0)::int AS lines,
      (SELECT reltuples FROM pg_class WHERE oid = 'entry'::regclass)::int AS counted`,
  );
  // What was counted is kept with the tables, so that a start counts nothing again.
  let { counted } = rows[0]!;
  let counting: Promise<unknown> = Promise.resolve();
  function grown(lines: number): void {
    if (lines < LEAST || lines < 2 * counted) return;
    counted = lines;
    // Without it questions take longer, and nothing else is different.
    counting = counting.then(() => database.exec("ANALYZE")).catch(() => undefined);
  }
  grown(rows[0]!.lines);
  return {
    grown,
    over: async () => {
      await counting;
    },
  };
}
