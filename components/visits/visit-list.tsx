import Link from "next/link";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { clock, daysUntil, shortDay } from "@/components/ui/times.ts";
import type { VisitView } from "@/lib/visits/api.ts";
import { nameOf, type Opened } from "./opened.ts";
import { timeOf } from "./time-of.ts";
import { VisitBadge } from "./visit-badge.tsx";

interface VisitListProps {
  label: string;
  visits: readonly VisitView[];
  opened: ReadonlyMap<string, Opened>;
  now: Date;
}

export function VisitList({ label, visits, opened, now }: VisitListProps) {
  return (
    <section className="@container rounded-xl border bg-card shadow-card" aria-label={label}>
      <ul>
        {visits.map((visit) => (
          <Row key={visit.id} visit={visit} opened={opened.get(visit.id)} now={now} />
        ))}
      </ul>
    </section>
  );
}

function Row({ visit, opened, now }: { visit: VisitView; opened: Opened | undefined; now: Date }) {
  const over = visit.state === "over";
  const at = timeOf(visit);
  const minutes = minutesOf(visit);
  return (
    <li className="grid grid-cols-[3.5rem_minmax(0,1fr)_auto] items-center gap-x-3 gap-y-1 border-t px-4 py-3 first:border-0 sm:grid-cols-[4rem_minmax(0,1fr)_8.5rem_7.5rem] sm:px-5 @max-[17rem]:block!">
      <time dateTime={at.toISOString()} className={cn("font-semibold", over && "text-muted-foreground")}>
        {daysUntil(at, now) === 0 ? clock(at) : shortDay(at)}
      </time>
      <div className="min-w-0">
        <p className="truncate font-semibold">
          <Link href={`/visits/${visit.id}`} className="underline-offset-4 hover:underline">
            {nameOf(opened)}
          </Link>
        </p>
        <p className="truncate text-table text-muted-foreground">
          {opened ? opened.reason || "No reason noted" : "\u00a0"}
        </p>
      </div>
      <div className="max-sm:col-start-2 max-sm:row-start-2">
        <VisitBadge visit={visit} />
      </div>
      <div className="text-right max-sm:col-start-3 max-sm:row-start-1">
        {over ? (
          <span className="figures text-table text-muted-foreground">{minutes === null ? "" : `${minutes} min`}</span>
        ) : (
          <Button asChild variant="outline" size="sm">
            <Link href={`/visits/${visit.id}`} aria-label={`Open the visit with ${nameOf(opened)}`}>
              Open
            </Link>
          </Button>
        )}
      </div>
    </li>
  );
}

/** Whole minutes of the call, at least one; null where there was none. */
function minutesOf(visit: VisitView): number | null {
  const start = visit.startedAt ?? visit.admittedAt;
  if (!start || !visit.endedAt) return null;
  return Math.max(1, Math.round((Date.parse(visit.endedAt) - Date.parse(start)) / 60_000));
}
