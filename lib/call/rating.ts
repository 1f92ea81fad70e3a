import * as z from "zod/mini";
import { VisitId } from "../visits/visit.ts";
import { Empty, endpoint } from "../wire.ts";

/** From 1, very bad, to 5, very good. */
export const SCORES = [1, 2, 3, 4, 5] as const;
const Score = z.int().check(z.gte(1), z.lte(SCORES.length));

/**
 * How sound and picture were, once a person and visit. What is kept is a count by day; that somebody answered is on the
 * trail, what they answered is not.
 */
export const rateCall = endpoint({
  method: "POST",
  path: "/api/visits/:visitId/rating",
  ask: z.strictObject({ visitId: VisitId, score: Score }),
  answer: Empty,
});
