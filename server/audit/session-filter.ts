import {
  and,
  eq,
  exists,
  gte,
  inArray,
  isNotNull,
  lt,
  lte,
  not,
  notInArray,
  or,
  type SQL,
  type SQLWrapper,
  sql,
} from "drizzle-orm";
import type * as z from "zod/mini";
import type { LedgerStanding, Outcome, SessionFilter } from "../../lib/audit/api.ts";
import { type Kind, kinds } from "../../lib/consent/grant.ts";
import type { LedgerState } from "../../lib/wire.ts";
import { act, entry, record, visit } from "../storage/schema.ts";
import type { Reader } from "../storage/storage.ts";

/**
 * No harm meant and none done, so no refusal to look for: somebody was faster, or the visit had moved on. Not so an address inside
 * the network (`witness.inside`): whoever tries several may be after what listens there, and that is to be seen.
 */
export const HARMLESS = [
  ...["record.number-taken", "record.number-held", "visit.wrong-state", "ask.not-open"],
  // An admin is asked for the password again, mistyped a witness's key, or first needs another admin's yes.
  ...["auth.confirm", "witness.no-key", "witness.known", "witness.too-many", "export.over-limit", "review.newer"],
  ...["audit.not-following", "view.too-many", "view.not-found", "export.changed"],
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
  const { from, to, clinician, kind, outcome, state, patient, visits } = filter;
  return and(
    from ? gte(visit.happenedAt, new Date(from)) : undefined,
    to ? lt(visit.happenedAt, new Date(to)) : undefined,
    clinician ? eq(visit.clinicianId, clinician) : undefined,
    kind ? hasKind(read, kind, until) : undefined,
    outcome ? endsWith(read, outcome, until) : undefined,
    state ? eq(visit.state, state) : undefined,
    patient ? isOneOf(read.select({ id: entry.visitId }).from(entry).where(byActor(patient))) : undefined,
    filter.record ? isAsFar(read, filter.record) : undefined,
    visits === undefined ? undefined : inArray(visit.id, visits.split(",")),
    until ? lte(visit.createdAt, until.at) : undefined,
  );
}

/** Who did it, as `entry_by_actor` has it. */
export const byActor = (id: string) => sql`(${entry.actor} ->> 'id') = ${id}`;

/** Asked once, before the visits are: few are, and each is then found by its id. */
const isOneOf = (ids: SQLWrapper) => sql`${visit.id} = ANY(ARRAY(${ids}))`;

export const statesOf = {
  parked: ["parked"],
  waiting: ["saved", "sent"],
  ledger: ["ledger"],
  final: ["final"],
} as const satisfies Record<LedgerStanding, readonly LedgerState[]>;

/** A session is as far as the least advanced of its acts. */
function isAsFar(read: Reader, standing: LedgerStanding): SQL | undefined {
  const order = Object.keys(statesOf) as LedgerStanding[];
  const behind = order.slice(0, order.indexOf(standing)).flatMap((one) => statesOf[one]);
  const of = (states: readonly LedgerState[]) => inArray(act.state, [...states]);
  const has = (states: readonly LedgerState[]) =>
    exists(
      read
        .select({ id: act.id })
        .from(act)
        .where(and(eq(act.visitId, visit.id), of(states))),
    );
  // Nearly all are final, so going back over the visits soon meets them; of the others there are few.
  const is =
    standing === "final"
      ? has(statesOf.final)
      : isOneOf(read.select({ id: act.visitId }).from(act).where(of(statesOf[standing])));
  return and(is, behind.length > 0 ? not(has(behind)) : undefined);
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
