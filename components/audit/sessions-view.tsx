"use client";

import { Button } from "@/components/ui/button";
import { counted } from "@/components/ui/text.ts";
import { listSessions } from "@/lib/audit/api.ts";
import { ask } from "@/lib/wire.ts";
import { FilterForm } from "./filters.tsx";
import { foundSessions } from "./found.ts";
import { Paged } from "./paged.tsx";
import { SessionTable } from "./session-table.tsx";
import { type FiltersInUse, none, sessionsAsked } from "./use-filters.ts";
import { usePages } from "./use-pages.ts";
import type { Verification } from "./verification.ts";

/** A page of sessions that are asked for by their ids. */
const AT_ONCE = 50;

export function SessionsView({
  filters,
  set,
  any,
  verification,
}: FiltersInUse & { verification: Verification | null }) {
  const asked = sessionsAsked(filters);
  const found = foundSessions(verification, filters.holds);
  const pages = usePages({
    key: ["audit", "sessions", asked, filters.holds, found && verification?.startedAt, found?.length],
    read: async (before) => {
      if (!found) return ask(listSessions, { ...asked, before });
      const at = Number(before ?? 0);
      const visits = found.slice(at, at + AT_ONCE).join();
      if (visits === "") return { sessions: [], older: null, clinicians: [] };
      const page = await ask(listSessions, { ...asked, visits });
      return { ...page, older: at + AT_ONCE < found.length ? String(at + AT_ONCE) : null };
    },
    count: (page) => page.sessions.length,
  });
  const sessions = pages.pages.flatMap((page) => page.sessions);
  const lines = sessions.reduce((sum, session) => sum + session.lines, 0);
  return (
    <>
      <FilterForm tab="sessions" people={pages.pages[0]?.clinicians ?? []} />
      <Paged
        pages={pages}
        name="Sessions"
        empty={{
          title: any ? "No session matches these filters" : "No sessions yet",
          text: any
            ? "Another day, doctor or outcome may."
            : "The first visit a doctor makes appears here with every line of its own.",
          action: any ? (
            <Button variant="outline" onClick={() => set(none)}>
              Clear filters
            </Button>
          ) : undefined,
        }}
        counts={`${counted(sessions.length, "session", "sessions")}, ${counted(lines, "line", "lines")}${pages.hasNextPage ? " so far" : ""}`}
      >
        <SessionTable sessions={sessions} verification={verification} />
      </Paged>
    </>
  );
}
