"use client";

import { Radio } from "lucide-react";
import { useMemo } from "react";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { counted, figure } from "@/components/ui/text.ts";
import { EVENTS_PAGE, listEvents } from "@/lib/audit/events.ts";
import { wordsFor } from "@/lib/strings/apart.ts";
import { ask } from "@/lib/wire.ts";
import { EventLog } from "./event-log.tsx";
import { FilterForm } from "./filters.tsx";
import { foundLines } from "./found.ts";
import { Paged } from "./paged.tsx";
import { eventsAsked, type FiltersInUse, none } from "./use-filters.ts";
import { useLive } from "./use-live.ts";
import { usePages } from "./use-pages.ts";
import type { Verification } from "./verification.ts";

/** Every line of the log, newest first, and new ones as they come. */
export function EventsView({ filters, set, any, verification }: FiltersInUse & { verification: Verification | null }) {
  const asked = eventsAsked(filters);
  const found = filters.numbers ? filters.numbers.split(",").map(Number) : foundLines(verification, filters.holds);
  const pages = usePages({
    key: ["audit", "events", asked, filters.numbers, filters.holds, found && verification?.startedAt, found?.length],
    read: async (before) => {
      if (!found) return ask(listEvents, { ...asked, before: before === undefined ? undefined : Number(before) });
      const at = Number(before ?? 0);
      const numbers = found.slice(at, at + EVENTS_PAGE).join();
      const page = await ask(listEvents, { numbers: numbers === "" ? "0" : numbers });
      return { ...page, older: at + EVENTS_PAGE < found.length ? at + EVENTS_PAGE : null };
    },
    count: (page) => page.lines.length,
  });
  const first = pages.pages[0];
  const live = useLive(asked, found ? undefined : first?.last);
  const people = useMemo(() => new Map((first?.people ?? []).map(({ id, name }) => [id, name])), [first]);
  const shown = pages.pages.flatMap((page) => page.lines);
  // Above the newest page alone: between older ones there is no place for what is new.
  const isTop = !pages.hasPreviousPage && !found;
  const known = new Set(shown.map(({ entry }) => entry.number));
  const fresh = isTop ? live.lines.filter(({ entry }) => !known.has(entry.number)) : [];
  const lines = [...fresh, ...shown];
  const newest = async () => {
    live.forget();
    await pages.refetch();
  };
  return (
    <>
      <FilterForm tab="events" people={first?.people ?? []} />
      <div className="mt-3 flex min-h-10 flex-wrap items-center gap-x-4 gap-y-2">
        <Button
          variant="outline"
          size="sm"
          role="switch"
          aria-checked={live.on}
          disabled={found !== null}
          className={live.on ? "border-primary bg-accent text-accent-foreground" : undefined}
          onClick={() => live.set(!live.on)}
        >
          <Radio aria-hidden="true" />
          Live
        </Button>
        <p className="text-table text-muted-foreground" role="status">
          {live.on
            ? fresh.length > 0
              ? `${counted(fresh.length, "new line", "new lines")} since Live was switched on`
              : "New lines appear as they are written"
            : ""}
        </p>
        {live.waiting > 0 && isTop ? (
          <Button variant="secondary" size="sm" onClick={newest} busy={pages.isFetching}>
            {counted(live.waiting, "new line", "new lines")}
          </Button>
        ) : null}
      </div>
      {live.fault ? <Alert tone="warning" className="mt-2" title={wordsFor(live.fault)} /> : null}
      <Paged
        pages={fresh.length > 0 ? { ...pages, found: lines.length } : pages}
        name="Events"
        empty={{
          title: any ? "No line matches these filters" : "No lines yet",
          text: "Another day, person or kind of act may.",
          action: (
            <Button variant="outline" onClick={() => set({ ...none, tab: "events" })}>
              Clear filters
            </Button>
          ),
        }}
        counts={`${counted(lines.length, "line", "lines")}${pages.hasNextPage ? `, back to line ${figure(Number(pages.pages.at(-1)?.older ?? 0))}` : ""}`}
      >
        <EventLog lines={lines} people={people} verification={verification} />
      </Paged>
    </>
  );
}
