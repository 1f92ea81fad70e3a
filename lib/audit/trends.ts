import * as z from "zod/mini";
import { endpoint } from "../wire.ts";
import { DAYS, Days } from "./overview.ts";

/** How long people waited from their permission to the doctor's yes, in milliseconds: half of them less, nine of ten less. */
export const Waits = z.object({
  people: z.int(),
  median: z.nullable(z.number()),
  ninth: z.nullable(z.number()),
});
export type Waits = z.infer<typeof Waits>;

/** What the ledger took, and for how much. `wei` is at most what was paid; null on our own ledger, where gas costs nothing. */
export const Cost = z.object({
  acts: z.int(),
  transactions: z.int(),
  gas: z.number(),
  wei: z.nullable(z.string().check(z.regex(/^\d+$/))),
});
export type Cost = z.infer<typeof Cost>;

/** Waits and cost of each of the reader's days. No patient is in it, so looking leaves no line. */
export const readTrends = endpoint({
  method: "GET",
  path: "/api/audit/trends",
  ask: z.strictObject({ days: Days }),
  answer: z.object({
    waits: z.array(Waits).check(z.length(DAYS)),
    cost: z.array(Cost).check(z.length(DAYS)),
  }),
});
export type Trends = z.infer<typeof readTrends.answer>;
