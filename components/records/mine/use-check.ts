"use client";

import { useEffect, useRef, useState } from "react";
import type { CheckedLooks } from "./check-looks.ts";
import type { MyVisit } from "./use-mine.ts";

/** What came of one visit, or why nothing could be told of it. */
export type OfVisit = CheckedLooks | { fault: unknown };

export type Checking =
  | { is: "idle" }
  | { is: "running"; part: number }
  | { is: "done"; at: Date; visits: ReadonlyMap<string, OfVisit> };

/** Checks on this device who looked. What it takes is fetched when it is asked for. */
export function useCheck(visits: readonly MyVisit[]): { checking: Checking; check: () => Promise<void> } {
  const [checking, setChecking] = useState<Checking>({ is: "idle" });
  const life = useRef<AbortController | undefined>(undefined);
  useEffect(() => {
    const controller = new AbortController();
    life.current = controller;
    return () => controller.abort();
  }, []);
  const check = async () => {
    const { signal } = life.current!;
    const found = new Map<string, OfVisit>();
    setChecking({ is: "running", part: 0 });
    for (const [i, visit] of visits.entries()) {
      const one = await import("./check-looks.ts")
        .then(({ checkLooks }) => checkLooks(visit, signal))
        .catch((fault: unknown) => ({ fault }));
      if (signal.aborted) return;
      found.set(visit.join.id, one);
      setChecking({ is: "running", part: (i + 1) / visits.length });
    }
    setChecking({ is: "done", at: new Date(), visits: found });
  };
  return { checking, check };
}
