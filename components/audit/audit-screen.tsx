"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { ChevronDown, ScrollText, ShieldCheck } from "lucide-react";
import { useRef } from "react";
import { AdminsOnly } from "@/components/auth/admins-only.tsx";
import { StaffShell } from "@/components/auth/staff-shell";
import { useLedger } from "@/components/auth/use-ledger.ts";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { useFocusKept } from "@/components/ui/focus-return.ts";
import { Loading, Skeleton } from "@/components/ui/skeleton";
import { counted } from "@/components/ui/text.ts";
import { listSessions } from "@/lib/audit/api.ts";
import { wordsFor } from "@/lib/strings/en.ts";
import { ask } from "@/lib/wire.ts";
import { Export } from "./export.tsx";
import { Exports } from "./export-requests.tsx";
import { askedBy, FilterForm, none, useFilters } from "./filters.tsx";
import { LogTrouble } from "./log-trouble.tsx";
import { standingWords } from "./log-words.ts";
import { AuditLinks } from "./review/audit-links.tsx";
import { SessionTable } from "./session-table.tsx";
import { useLogStanding } from "./use-log.ts";
import { startVerification, stopVerification, useVerification } from "./verification.ts";
import { VerificationCard } from "./verification-card.tsx";
import { Witnesses } from "./witnesses.tsx";

export function AuditScreen() {
  return (
    <StaffShell current="audit" wide>
      <AdminsOnly what="The audit log is">
        <Sessions />
      </AdminsOnly>
    </StaffShell>
  );
}

function Sessions() {
  const { filters, set, any } = useFilters();
  const asked = askedBy(filters);
  const pages = useInfiniteQuery({
    queryKey: ["audit", "sessions", asked],
    queryFn: ({ pageParam }) => ask(listSessions, { ...asked, before: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.older ?? undefined,
    placeholderData: (before) => before,
  });
  const ledger = useLedger().data;
  const log = useLogStanding();
  const verification = useVerification(null);
  const sessions = pages.data?.pages.flatMap((page) => page.sessions) ?? [];
  const doctors = pages.data?.pages[0]?.clinicians ?? [];
  const heading = useRef<HTMLHeadingElement>(null);
  const counts = useRef<HTMLParagraphElement>(null);
  // Clear filters goes once it was pressed, and Show older once all are shown.
  useFocusKept(heading, any);
  useFocusKept(counts, pages.hasNextPage);
  const verify = () => {
    if (ledger) startVerification({ ledger: { chainId: ledger.chainId, address: ledger.address } });
  };

  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <div>
          <h1 ref={heading} tabIndex={-1} className="text-title font-bold outline-none">
            Audit log
          </h1>
          <p className="text-muted-foreground">
            {[log.data && standingWords(log.data, new Date()), ledger?.label].filter(Boolean).join(" · ")}
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          <Button onClick={verify} disabled={!ledger} busy={verification?.is === "running"} className="min-h-11">
            {verification?.is === "running" ? null : <ShieldCheck aria-hidden="true" />}
            Verify all
          </Button>
          <Export filter={asked} />
          <Witnesses log={log.data} />
        </div>
      </div>
      <AuditLinks />
      <LogTrouble log={log.data} />
      <Exports />
      <FilterForm doctors={doctors} />
      {verification ? (
        <VerificationCard
          verification={verification}
          local={ledger?.local ?? true}
          onStop={() => stopVerification(null)}
          onAgain={verify}
        />
      ) : null}
      {pages.isError && !pages.data ? (
        <Alert tone="warning" className="mt-4" title={wordsFor(pages.error)}>
          <Button variant="outline" size="sm" className="mt-2" onClick={() => pages.refetch()} busy={pages.isFetching}>
            Try again
          </Button>
        </Alert>
      ) : pages.isPending ? (
        <Loading label="Loading sessions" slow="Still waiting for the practice’s server." className="mt-4">
          <SkeletonTable />
        </Loading>
      ) : sessions.length === 0 ? (
        <Empty
          className="mt-4"
          icon={<ScrollText aria-hidden="true" />}
          title={any ? "No session matches these filters" : "No sessions yet"}
          action={
            any ? (
              <Button variant="outline" onClick={() => set(none)}>
                Clear filters
              </Button>
            ) : undefined
          }
        >
          {any
            ? "Another day, doctor or outcome may."
            : "The first visit a doctor makes appears here with every line of its own."}
        </Empty>
      ) : (
        <section className="mt-4 overflow-hidden rounded-xl border bg-card shadow-card" aria-label="Sessions">
          <SessionTable sessions={sessions} verification={verification} />
          <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 border-t px-4 py-2.5 text-table sm:px-5">
            <p ref={counts} tabIndex={-1} className="text-muted-foreground outline-none" role="status">
              {`${counted(sessions.length, "session", "sessions")}, ${counted(
                sessions.reduce((sum, session) => sum + session.lines, 0),
                "line",
                "lines",
              )}${pages.hasNextPage ? " so far" : ""}`}
            </p>
            {pages.hasNextPage ? (
              <Button variant="ghost" onClick={() => pages.fetchNextPage()} busy={pages.isFetchingNextPage}>
                Show older
                <ChevronDown aria-hidden="true" />
              </Button>
            ) : null}
          </div>
          {pages.isFetchNextPageError ? (
            <Alert tone="warning" className="m-3" title={wordsFor(pages.error)}>
              What is shown stays. Press Show older to try again.
            </Alert>
          ) : null}
        </section>
      )}
    </>
  );
}

function SkeletonTable() {
  return (
    <div className="overflow-hidden rounded-xl border bg-card shadow-card">
      {[0, 1, 2, 3, 4, 5].map((row) => (
        <div key={row} className="flex items-center gap-6 border-b px-5 py-3 last:border-0">
          <Skeleton className="h-4 w-24" />
          <Skeleton className="h-4 w-32" />
          <Skeleton className="h-4 grow" />
        </div>
      ))}
    </div>
  );
}
