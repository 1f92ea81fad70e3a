import { sha256 } from "@noble/hashes/sha2.js";
import * as z from "zod/mini";
import { toHex } from "../keyring/bytes.ts";
import { Instant } from "../wire.ts";
import type { StoredEntry } from "./api.ts";
import { type Difference, text } from "./difference.ts";

/*
 * Lines that the practice keeps no longer are emptied: what is left of one is what others' proofs need. docs/decisions/0028
 * says what that proves.
 */

/** Years below which no line is emptied, whatever is set. The trail's own trigger has the same. */
export const LEAST_YEARS = 6;

const Batch = z.string().check(z.regex(/^[0-9a-f]{32}$/));

/** What an emptied line says instead of what it said. The trigger takes exactly this form. */
export const emptied = {
  actor: { is: "system", id: "retention" },
  action: "line.retained",
  object: null,
  consent: null,
  refusal: null,
  salt: `0x${"0".repeat(32)}`,
} as const;

const EmptiedDetail = z.strictObject({ since: Instant, batch: Batch });
/** When a line was emptied, and in which go. */
export type EmptiedDetail = z.infer<typeof EmptiedDetail>;

const Emptied = z.looseObject({
  actor: z.strictObject({ is: z.literal(emptied.actor.is), id: z.literal(emptied.actor.id) }),
  action: z.literal(emptied.action),
  object: z.null(),
  consent: z.null(),
  refusal: z.null(),
  detail: EmptiedDetail,
  salt: z.literal(emptied.salt),
});

/** Since when a line is kept as a proof only; null for one that says what it said. Its hash is not to be made again. */
export const emptiedIn = (entry: Pick<StoredEntry, "action"> & object): EmptiedDetail | null =>
  entry.action === emptied.action ? (Emptied.safeParse(entry).data?.detail ?? null) : null;

/** What the line of a go, `trail.retained`, says of the lines that were emptied in it; its `object` is the go. */
export const RetainedDetail = z.object({
  first: z.int(),
  last: z.int(),
  lines: z.int(),
  /** Over number, time and hash of each: `openGo`. */
  digest: z.string(),
  /** What each of them says, and when this line was told. */
  since: Instant,
});
export type RetainedDetail = z.infer<typeof RetainedDetail>;

/** Goes over emptied lines in the order of their numbers. */
export function openGo() {
  const hash = sha256.create();
  let first: number | null = null;
  let last = 0;
  let lines = 0;
  return {
    add({ number, at, hash: leaf }: Pick<StoredEntry, "number" | "at" | "hash">): void {
      hash.update(new TextEncoder().encode(`${number} ${at} ${leaf}\n`));
      first ??= number;
      last = number;
      lines += 1;
    },
    /** What its line has to say. */
    told: (): Omit<RetainedDetail, "since"> => ({
      first: first ?? 0,
      last,
      lines,
      digest: toHex(hash.clone().digest()),
    }),
  };
}

/** A go is one transaction with its line: milliseconds, and a clock that is set meanwhile. */
const SAME_TIME = 3_600_000;
/** What a clock may have been wrong by when a line was told; far less than a line is kept. */
const WRONG_CLOCK = 7 * 86_400_000;

/** Holds emptied lines, in the order of the log, to the lines that tell of their goes, and to the whole lines between them. */
export function openGoes() {
  const goes = new Map<string, { go: ReturnType<typeof openGo>; sinces: Set<string> }>();
  /** When the last line before was told that says so under its own hash. */
  let before: string | null = null;
  const goOf = (batch: string) => {
    const found = goes.get(batch) ?? { go: openGo(), sinces: new Set<string>() };
    goes.set(batch, found);
    return found;
  };
  function ended({ object, detail, at }: StoredEntry): Difference[] {
    const { go, sinces } = goOf(object ?? "");
    goes.delete(object ?? "");
    const now = go.told();
    const sealed = RetainedDetail.safeParse(detail).data;
    const differs: Difference[] = [];
    if (sealed?.digest !== now.digest || sealed.lines !== now.lines)
      differs.push({ what: "retained", sealed: text(sealed?.lines), now: text(now.lines) });
    // Else a line could say that it was emptied long after it was.
    const late = sealed ? Math.abs(Date.parse(at) - Date.parse(sealed.since)) > SAME_TIME : false;
    for (const since of sinces)
      if (late || since !== sealed?.since)
        differs.push({ what: "retained", sealed: late ? at : (sealed?.since ?? null), now: since });
    return differs;
  }
  return {
    take(entry: StoredEntry): Difference[] {
      const emptied = emptiedIn(entry);
      if (!emptied) {
        if (!Number.isNaN(Date.parse(entry.at))) before = entry.at;
        return entry.action === "trail.retained" && entry.refusal === null ? ended(entry) : [];
      }
      const { go, sinces } = goOf(emptied.batch);
      go.add(entry);
      sinces.add(emptied.since);
      // Else a young line could say that it is an old one.
      const isTooOld = before !== null && Date.parse(entry.at) < Date.parse(before) - WRONG_CLOCK;
      return isTooOld ? [{ what: "retained", sealed: before, now: entry.at }] : [];
    },
    /** Emptied lines of which none told so far. */
    untold: () => [...goes.values()].reduce((sum, { go }) => sum + go.told().lines, 0),
  };
}

/** What was told before this is emptied: so many years before, by the calendar; of a 29 February the 28th. */
export function boundOf(now: Date, years: number): Date {
  const bound = new Date(now);
  bound.setUTCFullYear(now.getUTCFullYear() - years);
  if (bound.getUTCMonth() !== now.getUTCMonth()) bound.setUTCDate(0);
  return bound;
}

/** Emptied when it was old enough, by what it says itself: its time is under the digest of its go. */
export const wasOldEnough = ({ at }: Pick<StoredEntry, "at">, { since }: EmptiedDetail): boolean =>
  Date.parse(at) <= boundOf(new Date(since), LEAST_YEARS).getTime();
