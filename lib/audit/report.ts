import * as z from "zod/mini";
import { VisitEnd } from "../visits/visit.ts";
import { Bytes32, endpoint, Instant } from "../wire.ts";
import { Cost, Waits } from "./trends.ts";
import { Rule } from "./unusual.ts";

/** `2026-10`. */
export const Month = z.string().check(z.regex(/^20\d\d-(0[1-9]|1[0-2])$/));
const Tally = z.array(z.object({ code: z.string(), times: z.int() }));

/** Under what somebody opened records, notes or files. */
export const ReadReason = z.enum(["own-visit", "share", "patient", "guest", "none"]);
export type ReadReason = z.infer<typeof ReadReason>;

/** A month of the practice in figures, for paper. Nobody's content is in it, and of the staff nobody by name. */
export const readReport = endpoint({
  method: "GET",
  path: "/api/audit/report",
  ask: z.strictObject({ month: Month }),
  answer: z.object({
    month: Month,
    /** Where it begins and ends, by the practice's clock. */
    from: Instant,
    to: Instant,
    timeZone: z.string(),
    /** It is not over yet. */
    runs: z.boolean(),
    lines: z.int(),
    /** Visits made in it: those that are over by their end, and the others. */
    visits: z.object({ made: z.int(), open: z.int(), ends: z.array(z.object({ end: VisitEnd, times: z.int() })) }),
    permissions: z.object({ given: z.int(), refused: z.int(), takenBack: z.int() }),
    refusals: Tally,
    waits: Waits,
    records: Tally,
    reads: z.array(z.object({ reason: ReadReason, times: z.int() })),
    /** Evidence taken along, exports. */
    taken: Tally,
    findings: z.array(z.object({ rule: Rule, times: z.int() })),
    dismissals: Tally,
    reviews: z.object({ begun: z.int(), closed: Tally }),
    ledger: z.extend(Cost, {
      /** From saved to on the ledger, in milliseconds. */
      median: z.nullable(z.number()),
      ninth: z.nullable(z.number()),
      slowest: z.nullable(z.number()),
    }),
    /** The last checkpoint of the month, and the last root that the ledger took in it. */
    log: z.object({
      checkpoint: z.nullable(z.object({ lines: z.int(), root: Bytes32, at: Instant })),
      anchor: z.nullable(
        z.object({ lines: z.int(), root: Bytes32, block: z.nullable(z.int()), transaction: z.nullable(z.string()) }),
      ),
      key: z.string(),
      /** The contract, as its name in the log has it. */
      origin: z.string(),
    }),
  }),
});
export type Report = z.infer<typeof readReport.answer>;
