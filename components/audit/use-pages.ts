"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";

/** Pages that are shown at once: further ones take the place of those at the other end, so that a long log stays quick. */
const SHOWN = 5;
/** Pages without a match that are asked for without being told to. */
const BY_ITSELF = 8;

/** Keyset pages, newest first, of which the last few are held. `older` of a page is where the next one begins. */
export function usePages<Page extends { older: string | number | null }>(options: {
  key: readonly unknown[];
  read: (before: string | undefined) => Promise<Page>;
  /** What of a page is shown. */
  count: (page: Page) => number;
  enabled?: boolean;
}) {
  // The way back is known here alone: cursors lead to what is older.
  const newer = useRef(new Map<string, string>());
  const from = (cursor: string | number) => `${JSON.stringify(options.key)} ${cursor}`;
  const { data, ...pages } = useInfiniteQuery({
    queryKey: options.key,
    queryFn: async ({ pageParam }) => {
      const page = await options.read(pageParam === "" ? undefined : pageParam);
      if (page.older !== null) newer.current.set(from(page.older), pageParam);
      return page;
    },
    initialPageParam: "",
    getNextPageParam: (page) => (page.older === null ? undefined : String(page.older)),
    getPreviousPageParam: (_, __, first) => (first === "" ? undefined : newer.current.get(from(first))),
    maxPages: SHOWN,
    placeholderData: (before) => before,
    enabled: options.enabled ?? true,
  });
  const found = data?.pages.reduce((sum, page) => sum + options.count(page), 0) ?? 0;
  const { hasNextPage, isFetching, isFetchNextPageError, fetchNextPage } = pages;
  // A look goes over so many lines: where few of them match it goes on by itself for a while.
  const asked = useRef(0);
  const last = data?.pages.at(-1);
  useEffect(() => {
    if (found > 0 || !last) asked.current = 0;
    else if (hasNextPage && !isFetching && !isFetchNextPageError && asked.current < BY_ITSELF) {
      asked.current += 1;
      void fetchNextPage();
    }
  }, [found, last, hasNextPage, isFetching, isFetchNextPageError, fetchNextPage]);
  return { ...pages, pages: data?.pages ?? [], found };
}
