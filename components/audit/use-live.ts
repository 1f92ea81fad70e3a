"use client";

import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { Line } from "@/lib/audit/api.ts";
import { beginFollowing, endFollowing, followLines, readLast } from "@/lib/audit/events.ts";
import { ask } from "@/lib/wire.ts";
import type { EventsAsked } from "./use-filters.ts";

/** Milliseconds between two questions: on, each brings the lines; off, only how many there are. */
const EVERY = { on: 2_000, off: 10_000 } as const;
/** New lines that are held; what is older is on the pages. */
const MOST = 300;

interface Live {
  readonly on: boolean;
  set(on: boolean): void;
  /** Newest first. */
  readonly lines: readonly Line[];
  /** Lines that there are and that `seen` does not have, while it is off. */
  readonly waiting: number;
  readonly fault: unknown;
  forget(): void;
}

/** New lines as they come. Switching it on and off are lines of their own, so it is never on by itself. */
export function useLive(asked: EventsAsked, seen: number | undefined): Live {
  const [following, setFollowing] = useState<string | null>(null);
  const [lines, setLines] = useState<readonly Line[]>([]);
  const [fault, setFault] = useState<unknown>(null);
  const filters = useRef(asked);
  filters.current = asked;
  const on = following !== null;
  const [wanted, want] = useState(false);

  useEffect(() => {
    if (!wanted) return;
    const stop = new AbortController();
    let id: string | undefined;
    let timer: ReturnType<typeof setTimeout>;
    let after = 0;
    const next = async () => {
      try {
        if (id === undefined) {
          const begun = await ask(beginFollowing, {});
          ({ id } = begun);
          after = begun.from;
          if (stop.signal.aborted) return leave();
          setFollowing(id);
        }
        const told = await ask(followLines, { ...filters.current, id, after }, { signal: stop.signal });
        after = told.seen;
        if (told.lines.length > 0) setLines((before) => [...told.lines, ...before].slice(0, MOST));
        setFault(null);
      } catch (error) {
        if (stop.signal.aborted) return;
        setFault(error);
        return want(false);
      }
      timer = setTimeout(next, EVERY.on);
    };
    const leave = () => {
      if (id !== undefined) ask(endFollowing, { id }).catch(() => undefined);
    };
    void next();
    return () => {
      stop.abort();
      clearTimeout(timer);
      leave();
      setFollowing(null);
    };
  }, [wanted]);

  const last = useQuery({
    queryKey: ["audit", "last"],
    queryFn: () => ask(readLast, {}),
    refetchInterval: EVERY.off,
    enabled: !wanted && seen !== undefined,
  }).data?.last;
  const newest = Math.max(seen ?? 0, lines[0]?.entry.number ?? 0);
  return {
    on,
    set: (to) => {
      setFault(null);
      want(to);
    },
    lines,
    waiting: wanted || last === undefined || seen === undefined ? 0 : Math.max(0, last - newest),
    fault,
    forget: () => setLines([]),
  };
}
