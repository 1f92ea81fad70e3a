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
  const { rows } = await database.query<{ number: number }>("SELECT number::int AS number FROM trail_head");
  let counted = rows[0]?.number ?? 0;
  let counting: Promise<unknown> = Promise.resolve();
  const count = () => database.exec("ANALYZE");
  if (counted >= LEAST) await count();
  return {
    grown(lines) {
      if (lines < LEAST || lines < 2 * counted) return;
      counted = lines;
      // Without it questions take longer, and nothing else is different.
      counting = counting.then(count).catch(() => undefined);
    },
    over: async () => {
      await counting;
    },
  };
}
