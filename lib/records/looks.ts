import * as z from "zod/mini";
import { Action } from "../audit/entry.ts";
import { Kind } from "../consent/grant.ts";
import { VisitId } from "../visits/visit.ts";
import { Bytes32, endpoint, Instant } from "../wire.ts";

/**
 * Who looked, as far as the patient may know: the visit's doctor by that, whom the patient once let read by their name, others
 * of the staff without one, guests by the code that their link has in this visit.
 */
export const Looker = z.enum(["doctor", "reader", "staff", "you", "guest", "anyone", "system"]);
export type Looker = z.infer<typeof Looker>;

/** One line of the trail about a patient's visit, as its patient reads it. */
export const Look = z.object({
  number: z.int(),
  at: Instant,
  who: Looker,
  /** Of a reader. */
  name: z.nullable(z.string()),
  action: Action,
  /** The record or file it was about. */
  object: z.nullable(z.string()),
  kind: z.nullable(Kind),
  /** The permission it was done under. */
  consent: z.nullable(Bytes32),
  /** Why it was refused, or null. */
  refusal: z.nullable(z.string()),
});
export type Look = z.infer<typeof Look>;

/** Newest first. `older` continues with `before`. */
export const readLooks = endpoint({
  method: "GET",
  path: "/api/visits/:visitId/looks",
  ask: z.strictObject({
    visitId: VisitId,
    before: z.optional(z.coerce.number().check(z.int(), z.gte(1))),
    /** Drawn by whoever asks: the line of this reading has it, so that an older one is not taken for it. */
    nonce: z.optional(z.string().check(z.regex(/^[0-9a-f]{32}$/))),
  }),
  answer: z.object({ looks: z.array(Look), older: z.nullable(z.int()) }),
});
