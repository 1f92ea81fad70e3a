import * as z from "zod/mini";
import { SCORES } from "../call/rating.ts";
import { VisitId } from "../visits/visit.ts";
import { endpoint, Instant } from "../wire.ts";
import { StoresFigures } from "./stores.ts";

/** How many days the overview tells of; the last one is today. */
export const DAYS = 14;
/** A day is 25 hours long where the clock is put back; anything longer is no day. */
const LONGEST = 26 * 3_600_000;

/**
 * Where the reader's days begin, and where the last one ends, separated by commas. The browser says it, since only it
 * knows its zone and which of its days has 23 or 25 hours; the server counts between instants.
 */
export const Days = z.pipe(
  z.pipe(
    z.string().check(z.maxLength((DAYS + 1) * 30)),
    z.transform((text: string) => text.split(",")),
  ),
  z.pipe(
    z.array(Instant).check(z.length(DAYS + 1)),
    z
      .transform((days: string[]) => days.map((day) => new Date(day)))
      .check(
        z.refine((days) =>
          days.every((day, i) => i === 0 || (day > days[i - 1]! && day.getTime() - days[i - 1]!.getTime() <= LONGEST)),
        ),
      ),
  ),
);

/** An act that came onto the ledger: when, and how many milliseconds after it was saved. */
const Arrival = z.object({ at: Instant, took: z.number() });

/** The clinic in figures. No patient is in it by name, code or number. */
export const readOverview = endpoint({
  method: "GET",
  path: "/api/audit/overview",
  ask: z.strictObject({ days: Days }),
  answer: z.object({
    /** The server's clock when it counted. */
    at: Instant,
    /** Of each day: visits whose patient gave a permission, and those of them in which something was refused. */
    visits: z.array(z.object({ authorized: z.int(), refused: z.int() })).check(z.length(DAYS)),
    /** Planned for today and not begun. */
    ahead: z.int(),
    waiting: z.object({
      people: z.int(),
      longest: z.nullable(z.object({ clinician: z.string(), since: Instant })),
    }),
    /** Of the last seven days, the most frequent first. `code` is a refusal code when nobody touched the trail. */
    refusals: z.array(z.object({ code: z.string(), times: z.int() })),
    /** Of the last seven days: how many people said that their call was very bad, bad, so-so, good, very good. */
    ratings: z.array(z.int()).check(z.length(SCORES.length)),
    ledger: z.object({
      latest: z.nullable(Arrival),
      /** The slowest of each half hour of today in which anything came onto the ledger. */
      slowest: z.array(Arrival),
      /** The oldest act that is not on the ledger yet. */
      waitingSince: z.nullable(Instant),
      /** How long the last receipt gives the ledger, in milliseconds. */
      promised: z.nullable(z.number()),
    }),
    /** Null when mail leaves this server; otherwise the folder on its disk that keeps it. */
    mailFolder: z.nullable(z.string()),
    /** Bytes: of the encrypted files, each counted once, and of the disk that the database is on. And where the files are. */
    storage: z.extend(z.object({ files: z.number(), free: z.number(), total: z.number() }), StoresFigures.shape),
    /** The last time somebody checked the whole log. `line` is the first that did not hold, when it was a line. */
    verified: z.nullable(
      z.object({
        at: Instant,
        by: z.string(),
        lines: z.number(),
        failed: z.number(),
        line: z.nullable(z.object({ number: z.number(), at: z.string(), visitId: z.nullable(VisitId) })),
      }),
    ),
  }),
});
export type Overview = z.infer<typeof readOverview.answer>;
