import * as z from "zod/mini";
import { Empty, endpoint } from "../wire.ts";

/** What the console is filtered by, as its address has it: days, codes and ids, never words that somebody typed. */
export const viewFields = [
  ...(["tab", "from", "to", "doctor", "patient", "record", "holds"] as const),
  // Of sessions, and of events.
  ...(["kind", "outcome", "state"] as const),
  ...(["act", "result", "visit", "about", "numbers"] as const),
] as const;
export type ViewField = (typeof viewFields)[number];

const Filters = z.partialRecord(z.enum(viewFields), z.string().check(z.regex(/^[\w.,-]{1,1700}$/)));
const Name = z.string().check(z.trim(), z.minLength(1), z.maxLength(60));

export const View = z.object({ id: z.uuid(), name: z.string(), filters: Filters });
export type View = z.infer<typeof View>;
const Views = z.object({ views: z.array(View) });

/** An admin's own: a name for filters. About no person, so looking leaves no line. */
export const listViews = endpoint({ method: "GET", path: "/api/audit/views", ask: Empty, answer: Views });

/** Throws `view.too-many`. */
export const saveView = endpoint({
  method: "POST",
  path: "/api/audit/views",
  ask: z.strictObject({ name: Name, filters: Filters }),
  answer: Views,
});

/** Throws `view.not-found`, also of somebody else's. */
export const renameView = endpoint({
  method: "POST",
  path: "/api/audit/views/:id/rename",
  ask: z.strictObject({ id: z.uuid(), name: Name }),
  answer: Views,
});

export const removeView = endpoint({
  method: "POST",
  path: "/api/audit/views/:id/remove",
  ask: z.strictObject({ id: z.uuid() }),
  answer: Views,
});
