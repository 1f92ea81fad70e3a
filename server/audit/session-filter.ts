import { and, eq, exists, gte, inArray, isNotNull, lt, lte, notInArray, or, type SQL } from "drizzle-orm";
import type * as z from "zod/mini";
import type { Outcome, SessionFilter } from "../../lib/audit/api.ts";
import { type Kind, kinds } from "../../lib/consent/grant.ts";
import { entry, record, visit } from "../storage/schema.ts";
import type { Reader } from "../storage/storage.ts";

/** No harm meant and none done, so no refusal to look for: somebody was faster, or the visit had moved on. */
export const HARMLESS = [
  ...["record.number-taken", "record.number-held", "visit.wrong-state", "ask.not-open"],
  // An admin is asked for the password again, mistyped a witness's key, or first needs another admin's yes.
  ...["auth.confirm", "witness.no-key", "witness.known", "witness.too-many", "export.over-limit", "review.newer"],
];

/** Where the trail stood at a moment: what came after does not count. */
export interface Standing {
  readonly at: Date;
  /** The number of the last line. */
  readonly last: number;
}

/** What a visit must be, as a condition on its row; `until` leaves out what it became later. */
export function sessionsLike(
  read: Reader,
  filter: Omit<z.infer<typeof SessionFilter>, "before">,
  until?: Standing,
): SQL | undefined {
  const { from, to, clinician, kind, outcome } = filter;
  return and(
    from ? gte(visit.createdAt, new Date(from)) : undefined,
    to ? lt(visit.createdAt, new Date(to)) : undefined,
    clinician ? eq(visit.clinicianId, clinician) : undefined,
    kind ? hasKind(read, kind, until) : undefined,
    outcome ? endsWith(read, outcome, until) : undefined,
    until ? lte(visit.createdAt, until.at) : undefined,
  );
}

const hasKind = (read: Reader, kind: Kind, until: Standing | undefined) =>
  exists(
    read
      .select({ id: record.id })
      .from(record)
      .where(
        and(
          eq(record.visitId, visit.id),
          eq(record.kind, kinds[kind]),
          until ? lte(record.createdAt, until.at) : undefined,
        ),
      ),
  );

function endsWith(read: Reader, outcome: z.infer<typeof Outcome>, until: Standing | undefined): SQL | undefined {
  const told = until ? lte(entry.number, until.last) : undefined;
  if (outcome === "refused")
    return exists(
      read
        .select({ number: entry.number })
        .from(entry)
        .where(and(eq(entry.visitId, visit.id), isNotNull(entry.refusal), notInArray(entry.refusal, HARMLESS), told)),
    );
  const ended = and(eq(visit.end, outcome), until ? lte(visit.endedAt, until.at) : undefined);
  if (outcome !== "not-private") return ended;
  // The whole call, or what was between one of the two and a guest.
  const guests = read
    .select({ id: entry.visitId })
    .from(entry)
    .where(and(eq(entry.action, "guest.not-private"), told));
  return or(ended, inArray(visit.id, guests));
}
