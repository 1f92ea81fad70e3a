import * as z from "zod/mini";
import { PatientCode } from "../visits/pseudonym.ts";
import { VisitId } from "../visits/visit.ts";
import { endpoint, Instant } from "../wire.ts";

/** What a searched text may mean. */
export const Found = z.discriminatedUnion("is", [
  z.object({ is: z.literal("line"), number: z.int(), visitId: z.nullable(z.string()) }),
  z.object({ is: z.literal("visit"), visitId: VisitId, at: Instant, clinician: z.string() }),
  z.object({ is: z.enum(["record", "permission"]), id: z.string(), visitId: VisitId }),
  z.object({ is: z.literal("transaction"), hash: z.string(), numbers: z.array(z.int()) }),
  z.object({ is: z.literal("patient"), code: PatientCode, visitId: VisitId }),
  z.object({ is: z.literal("staff"), id: z.string(), name: z.string() }),
]);
export type Found = z.infer<typeof Found>;

/**
 * What the log has under a number, an id or its beginning, a transaction, a patient's code or a name of the staff. There is
 * no content to search. Looking is on the trail, what was typed is not: so it travels in the body.
 */
export const searchLog = endpoint({
  method: "POST",
  path: "/api/audit/search",
  ask: z.strictObject({ text: z.string().check(z.trim(), z.minLength(1), z.maxLength(200)) }),
  answer: z.object({ found: z.array(Found) }),
});
