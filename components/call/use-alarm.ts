"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { whileUnreachable } from "@/components/records/patience.ts";
import type { NotPrivate } from "@/lib/call/verified.ts";
import { reportNotPrivate } from "@/lib/visits/api.ts";
import type { VisitEnd } from "@/lib/visits/visit.ts";
import { ask } from "@/lib/wire.ts";

interface Alarm {
  /** This call is not private, and the person has not left the screen that says so. */
  raised: boolean;
  /** What this page found itself. */
  found: NotPrivate | undefined;
  /** Shows it at once, and tells the server, which ends the visit for both. */
  raise(found: NotPrivate): void;
  leave(): void;
}

/** Outlives the room, which is gone as soon as the alarm is raised. */
export function useAlarm(visitId: string, end: VisitEnd | null | undefined): Alarm {
  const [found, setFound] = useState<NotPrivate>();
  const [left, setLeft] = useState(false);
  const life = useRef<AbortController>(undefined);
  useEffect(() => {
    const now = new AbortController();
    life.current = now;
    return () => now.abort();
  }, []);
  const raise = useCallback(
    (what: NotPrivate) => {
      setFound((before) => before ?? what);
      const signal = life.current?.signal;
      if (!signal) return;
      const report = () => ask(reportNotPrivate, { visitId, why: what.why }, { signal });
      // Refused when the other's page was first; and where nobody can be told, this page has stopped all the same.
      void whileUnreachable(report, signal).catch(() => {});
    },
    [visitId],
  );
  const leave = useCallback(() => setLeft(true), []);
  return { raised: !left && (found !== undefined || end === "not-private"), found, raise, leave };
}
