import type { StoredEntry } from "./api.ts";
import { attempt, type Difference } from "./difference.ts";
import type { Entry } from "./entry.ts";
import { entryHash } from "./log.ts";
import { emptiedIn, openGoes, RetainedDetail } from "./retained.ts";
import type { Source } from "./source.ts";

/** What a session's emptied lines come to, beside what each is by itself. */
export interface SessionGoes {
  readonly differs: ReadonlyMap<number, readonly Difference[]>;
  /** Whether the line of its go tells of this one. */
  tells(emptied: StoredEntry): boolean;
}

interface Go {
  readonly entry: StoredEntry;
  readonly batch: string;
  readonly detail: RetainedDetail;
}

/** Lines that are gone back at once to find one that is whole. */
const BACK = 500;

/**
 * Holds the emptied lines of one session to the lines of their goes, as `walk` does over the whole log: all that was emptied
 * in each go is read. `numbers` is where these lines are said to be; a go that is not there, or is none, tells of nothing.
 */
export async function sessionGoes(
  numbers: readonly number[],
  source: Pick<Source, "lines">,
  signal: AbortSignal,
): Promise<SessionGoes> {
  const told = new Map<string, RetainedDetail>();
  const differs = new Map<number, readonly Difference[]>();
  for (const number of numbers) {
    const go = await goAt(number, source);
    if (!go) continue;
    const goes = openGoes();
    const { first, last } = go.detail;
    for await (const entry of between(await wholeBefore(first, source, signal), last, source, signal)) {
      const found = goes.take(entry);
      if (found.length > 0) differs.set(entry.number, found);
    }
    if (goes.take(go.entry).length === 0) told.set(go.batch, go.detail);
  }
  return {
    differs,
    tells(entry) {
      const go = told.get(emptiedIn(entry)?.batch ?? "");
      return go !== undefined && go.first <= entry.number && entry.number <= go.last;
    },
  };
}

/** The line of a go, which says so under its own hash, which the next line has sealed. */
async function goAt(number: number, source: Pick<Source, "lines">): Promise<Go | null> {
  const [line, next] = (await source.lines(number - 1)).lines;
  const entry = line?.entry;
  if (entry?.number !== number || entry.action !== "trail.retained" || entry.refusal !== null) return null;
  if (attempt(() => entryHash(entry as Entry)) !== entry.hash) return null;
  if (next && next.entry.previous !== entry.hash) return null;
  const detail = RetainedDetail.safeParse(entry.detail).data;
  return detail && entry.object !== null ? { entry, batch: entry.object, detail } : null;
}

/** The number before that of the last whole line before this one: by it one knows how old an emptied line can be. */
async function wholeBefore(first: number, source: Pick<Source, "lines">, signal: AbortSignal): Promise<number> {
  for (let end = first - 1; end > 0; end -= BACK) {
    let whole = 0;
    for await (const entry of between(Math.max(0, end - BACK), end, source, signal))
      if (!emptiedIn(entry)) whole = entry.number;
    if (whole > 0) return whole - 1;
  }
  return 0;
}

/** The lines after the one, up to the other. */
async function* between(
  after: number,
  last: number,
  source: Pick<Source, "lines">,
  signal: AbortSignal,
): AsyncGenerator<StoredEntry> {
  let at = after;
  while (at < last) {
    signal.throwIfAborted();
    const { lines, more } = await source.lines(at);
    for (const { entry } of lines) {
      if (entry.number > last) return;
      yield entry;
      at = entry.number;
    }
    if (!more || lines.length === 0) return;
  }
}
