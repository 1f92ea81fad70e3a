import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { ChevronDown } from "lucide-react";
import type { ReactNode } from "react";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Loading } from "@/components/ui/skeleton";
import { wordsFor } from "@/lib/strings/apart.ts";
import { NotLoaded } from "../paged.tsx";

interface ListedProps {
  pages: UseInfiniteQueryResult<InfiniteData<unknown>>;
  name: string;
  /** Items, one after the other. */
  children: readonly ReactNode[];
  /** What stands there while there are none yet, and where there are none. */
  loading: { label: string; shape: ReactNode };
  empty: ReactNode;
}

/** A list by pages, with the way to older ones and what stands there instead of it. */
export function Listed({ pages, name, children, loading, empty }: ListedProps) {
  if (pages.isError && !pages.data) return <NotLoaded pages={pages} />;
  if (pages.isPending)
    return (
      <Loading label={loading.label} slow="Still waiting for the practice’s server." className="mt-4">
        {loading.shape}
      </Loading>
    );
  if (children.length === 0) return empty;
  return (
    <>
      <ul className="mt-4 grid gap-3" aria-label={name}>
        {children}
      </ul>
      {pages.hasNextPage ? (
        <Button variant="ghost" className="mt-3" onClick={() => pages.fetchNextPage()} busy={pages.isFetchingNextPage}>
          Show older
          <ChevronDown aria-hidden="true" />
        </Button>
      ) : null}
      {pages.isFetchNextPageError ? (
        <Alert tone="warning" className="mt-3" title={wordsFor(pages.error)}>
          What is shown stays. Press Show older to try again.
        </Alert>
      ) : null}
    </>
  );
}
