"use client";

import { SlidersHorizontal } from "lucide-react";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useState } from "react";
import type * as z from "zod/mini";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { Outcome, type SessionFilter } from "@/lib/audit/api.ts";
import { Kind } from "@/lib/consent/grant.ts";
import { recordKinds } from "@/lib/strings/en.ts";

/** What the page's address holds: days, a doctor's id, a kind, an outcome. Nothing of a patient. */
interface Filters {
  from: string;
  to: string;
  doctor: string;
  kind: string;
  outcome: string;
}
const names = ["from", "to", "doctor", "kind", "outcome"] as const;
const isDay = (text: string) => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));

export const outcomes = {
  ended: "Ended by the doctor",
  left: "Left by the patient",
  declined: "Declined",
  revoked: "Revoked",
  "not-private": "Not private",
  refused: "Something was refused",
} as const satisfies Record<z.infer<typeof Outcome>, string>;

export function useFilters(): { filters: Filters; set: (change: Partial<Filters>) => void; any: boolean } {
  const query = useSearchParams();
  const router = useRouter();
  const path = usePathname();
  const filters = Object.fromEntries(names.map((name) => [name, query.get(name) ?? ""])) as unknown as Filters;
  const set = (change: Partial<Filters>) => {
    const next = new URLSearchParams();
    for (const [name, value] of Object.entries({ ...filters, ...change })) if (value) next.set(name, value);
    const text = next.toString();
    router.replace(text ? `${path}?${text}` : path, { scroll: false });
  };
  return { filters, set, any: names.some((name) => filters[name] !== "") };
}

/** The days in the reader's own zone, as the instants they begin and end. What an address has wrong counts for nothing. */
export function askedBy({ from, to, doctor, kind, outcome }: Filters): z.input<typeof SessionFilter> {
  const begin = (day: string, later: number) => {
    const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
    return new Date(year, month - 1, date + later).toISOString();
  };
  return {
    from: isDay(from) ? begin(from, 0) : undefined,
    to: isDay(to) ? begin(to, 1) : undefined,
    clinician: doctor && doctor.length <= 64 ? doctor : undefined,
    kind: Kind.safeParse(kind).data,
    outcome: Outcome.safeParse(outcome).data,
  };
}

export function FilterForm({ doctors }: { doctors: readonly { id: string; name: string }[] }) {
  const { filters, set, any } = useFilters();
  const [open, setOpen] = useState(false);
  return (
    <search aria-label="Filter sessions" className="mt-4 block">
      <div className="flex flex-wrap gap-2 lg:hidden">
        <Button variant="outline" aria-expanded={open} aria-controls="audit-filters" onClick={() => setOpen(!open)}>
          <SlidersHorizontal aria-hidden="true" />
          Filters
        </Button>
        {any ? <ClearFilters onClear={() => set(none)} /> : null}
      </div>
      <div
        id="audit-filters"
        className={cn(
          "gap-3 max-lg:mt-3 sm:grid-cols-2 lg:grid lg:grid-cols-[1fr_1fr_1.2fr_1.1fr_1.1fr]",
          any && "lg:grid-cols-[1fr_1fr_1.2fr_1.1fr_1.1fr_auto]",
          open ? "grid" : "hidden",
        )}
      >
        <Field label="Date from">
          <Input
            type="date"
            value={filters.from}
            max={filters.to || undefined}
            onChange={(e) => set({ from: e.target.value })}
          />
        </Field>
        <Field label="Date to">
          <Input
            type="date"
            value={filters.to}
            min={filters.from || undefined}
            onChange={(e) => set({ to: e.target.value })}
          />
        </Field>
        <Field label="Doctor">
          <Select value={filters.doctor} onChange={(e) => set({ doctor: e.target.value })}>
            <option value="">All doctors</option>
            {doctors.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
        </Field>
        <Field label="Kind">
          <Select value={filters.kind} onChange={(e) => set({ kind: e.target.value })}>
            <option value="">Everything</option>
            {Kind.options.map((kind) => (
              <option key={kind} value={kind}>
                {recordKinds[kind]}
              </option>
            ))}
          </Select>
        </Field>
        <Field label="Outcome">
          <Select value={filters.outcome} onChange={(e) => set({ outcome: e.target.value })}>
            <option value="">Any outcome</option>
            {Outcome.options.map((outcome) => (
              <option key={outcome} value={outcome}>
                {outcomes[outcome]}
              </option>
            ))}
          </Select>
        </Field>
        {any ? <ClearFilters className="self-end max-lg:hidden" onClear={() => set(none)} /> : null}
      </div>
    </search>
  );
}

export const none: Filters = { from: "", to: "", doctor: "", kind: "", outcome: "" };

function ClearFilters({ onClear, className }: { onClear: () => void; className?: string }) {
  return (
    <Button variant="ghost" className={cn("px-3", className)} onClick={onClear}>
      Clear filters
    </Button>
  );
}
