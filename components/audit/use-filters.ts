"use client";

import { useSearchParams } from "next/navigation";
import type * as z from "zod/mini";
import { LedgerStanding, Outcome, type SessionFilter } from "@/lib/audit/api.ts";
import { ActFilter, EventOutcome, type FollowFilter } from "@/lib/audit/events.ts";
import type { ExportFilter } from "@/lib/audit/export.ts";
import { type ViewField, viewFields } from "@/lib/audit/views.ts";
import { Kind } from "@/lib/consent/grant.ts";
import { PatientCode } from "@/lib/visits/pseudonym.ts";
import { VisitId, VisitState } from "@/lib/visits/visit.ts";

/** What the page's address holds: days, codes, ids and kinds. Nothing that somebody said. */
export type Filters = Record<ViewField, string>;
export const none = Object.fromEntries(viewFields.map((name) => [name, ""])) as Filters;
export type Tab = "sessions" | "events";

const isDay = (text: string) => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));

export interface FiltersInUse {
  filters: Filters;
  tab: Tab;
  set(change: Partial<Filters>): void;
  /** Something is filtered by. */
  any: boolean;
}

export function useFilters(): FiltersInUse {
  const filters = filtersIn(useSearchParams());
  return {
    filters,
    tab: filters.tab === "events" ? "events" : "sessions",
    // At once, and on top of what the address has by then: two quick changes are both kept.
    set: (change) => {
      const now = filtersIn(new URLSearchParams(location.search));
      history.replaceState(null, "", addressOf({ ...now, ...change }));
    },
    any: viewFields.some((name) => name !== "tab" && filters[name] !== ""),
  };
}

const filtersIn = (query: { get(name: string): string | null }) =>
  Object.fromEntries(viewFields.map((name) => [name, query.get(name) ?? ""])) as Filters;

export function addressOf(filters: Partial<Filters>): string {
  const kept = viewFields.flatMap((name) => (filters[name] ? [[name, filters[name]]] : []));
  const text = new URLSearchParams(kept).toString();
  return text ? `/admin/audit?${text}` : "/admin/audit";
}

/** The days in the reader's own zone, as the instants they begin and end. What an address has wrong counts for nothing. */
function shared({ from, to, patient, record }: Filters) {
  const begin = (day: string, later: number) => {
    const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
    return new Date(year, month - 1, date + later).toISOString();
  };
  return {
    from: isDay(from) ? begin(from, 0) : undefined,
    to: isDay(to) ? begin(to, 1) : undefined,
    patient: PatientCode.safeParse(patient).data,
    standing: LedgerStanding.safeParse(record).data,
  };
}
const idIn = (text: string) => (text !== "" && text.length <= 64 ? text : undefined);

export function sessionsAsked(filters: Filters): Omit<z.input<typeof SessionFilter>, "before" | "visits"> {
  const { standing, ...rest } = shared(filters);
  return {
    ...rest,
    record: standing,
    clinician: idIn(filters.doctor),
    kind: Kind.safeParse(filters.kind).data,
    outcome: Outcome.safeParse(filters.outcome).data,
    state: VisitState.safeParse(filters.state).data,
  };
}

/** What no export knows: its file would hold more than is shown. */
const unexported = {
  sessions: ["holds"],
  events: ["doctor", "act", "result", "record", "about", "numbers", "holds"],
} as const satisfies Record<Tab, readonly ViewField[]>;
export type Unexported = (typeof unexported)[Tab][number];

/** What an export takes of it, or which filters have to be cleared before. */
export function exportAsked(filters: Filters, tab: Tab): { filter: ExportFilter } | { clear: readonly Unexported[] } {
  const clear = unexported[tab].filter((name) => filters[name] !== "");
  if (clear.length > 0) return { clear };
  if (tab === "sessions") return { filter: sessionsAsked(filters) };
  const { from, to, patient } = shared(filters);
  return { filter: { from, to, patient, visitId: VisitId.safeParse(filters.visit).data } };
}

export type EventsAsked = Omit<z.input<typeof FollowFilter>, "id" | "after">;

export function eventsAsked(filters: Filters): EventsAsked {
  const { standing, ...rest } = shared(filters);
  return {
    ...rest,
    ledger: standing,
    staff: idIn(filters.doctor),
    act: ActFilter.safeParse(filters.act).data,
    outcome: EventOutcome.safeParse(filters.result).data,
    visit: VisitId.safeParse(filters.visit).data,
    about: /^0x[0-9a-f]{1,300}$/.test(filters.about) ? filters.about : undefined,
  };
}
