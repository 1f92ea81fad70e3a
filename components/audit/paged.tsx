"use client";

import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import { ChevronDown, ChevronUp, ScrollText } from "lucide-react";
import { type ReactNode, useRef } from "react";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { useFocusKept } from "@/components/ui/focus-return.ts";
import { Loading, Skeleton } from "@/components/ui/skeleton";
import { wordsFor } from "@/lib/strings/apart.ts";
import type { usePages } from "./use-pages.ts";

interface PagedProps {
  pages: Omit<ReturnType<typeof usePages<{ older: string | number | null }>>, "pages">;
  /** What is being loaded, and the region's name. */
  name: string;
  empty: { title: string; text: string; action?: ReactNode };
  /** How many there are, in words. */
  counts: string;
  children: ReactNode;
}

/** Pages of the log with the ways to newer and older ones, and what stands there while there are none. */
export function Paged({ pages, name, empty, counts, children }: PagedProps) {
  const status = useRef<HTMLParagraphElement>(null);
  // Show older goes once all are shown, and Show newer at the top.
  useFocusKept(status, pages.hasNextPage);
  useFocusKept(status, pages.hasPreviousPage);
  if (pages.isError && pages.found === 0) return <NotLoaded pages={pages} />;
  if (pages.isPending) {
    return (
      <Loading label={`Loading ${name.toLowerCase()}`} slow="Still waiting for the practice’s server." className="mt-4">
        <SkeletonTable />
      </Loading>
    );
  }
  const older = pages.hasNextPage ? (
    <Button variant="ghost" onClick={() => pages.fetchNextPage()} busy={pages.isFetchingNextPage}>
      Show older
      <ChevronDown aria-hidden="true" />
    </Button>
  ) : null;
  if (pages.found === 0) {
    return (
      <Empty
        className="mt-4"
        icon={<ScrollText aria-hidden="true" />}
        title={older ? "None so far" : empty.title}
        action={older ?? empty.action}
      >
        {older ? "There may be some further back." : empty.text}
      </Empty>
    );
  }
  return (
    <section className="mt-4 overflow-hidden rounded-xl border bg-card shadow-card" aria-label={name}>
      {pages.hasPreviousPage ? (
        <div className="border-b px-4 py-2 sm:px-5">
          <Button variant="ghost" onClick={() => pages.fetchPreviousPage()} busy={pages.isFetchingPreviousPage}>
            Show newer
            <ChevronUp aria-hidden="true" />
          </Button>
        </div>
      ) : null}
      {children}
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 border-t px-4 py-2.5 text-table sm:px-5">
        <p ref={status} tabIndex={-1} className="text-muted-foreground outline-none" role="status">
          {counts}
        </p>
        {older}
      </div>
      {pages.isFetchNextPageError ? (
        <Alert tone="warning" className="m-3" title={wordsFor(pages.error)}>
          What is shown stays. Press Show older to try again.
        </Alert>
      ) : null}
    </section>
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

/** Nothing of a list came: why, and the way to try it again. */
export function NotLoaded({ pages }: { pages: Pick<UseInfiniteQueryResult, "error" | "isFetching" | "refetch"> }) {
  return (
    <Alert tone="warning" className="mt-4" title={wordsFor(pages.error)}>
      <Button variant="outline" size="sm" className="mt-2" onClick={() => pages.refetch()} busy={pages.isFetching}>
        Try again
      </Button>
    </Alert>
  );
}
