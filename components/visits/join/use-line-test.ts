"use client";

import { useCallback, useEffect, useState } from "react";
import type { LineFound } from "@/lib/call/line-test.ts";

/** `found` is null when nothing answered. */
type LineTest = { is: "waiting" } | { is: "trying" } | { is: "done"; found: LineFound | null };

/** Tries the line once it is wanted, and again on request. Stops when the page goes on: a visit that begins has the line to itself. */
export function useLineTest(wanted: boolean): { test: LineTest; again: () => void } {
  const [test, setTest] = useState<LineTest>({ is: "waiting" });
  const [round, setRound] = useState(0);
  useEffect(() => {
    void round;
    if (!wanted) return;
    const life = new AbortController();
    setTest({ is: "trying" });
    import("@/lib/call/line-test.browser.ts")
      .then((file) => file.tryLine(life.signal))
      .catch(() => null)
      .then((found) => life.signal.aborted || setTest({ is: "done", found }));
    return () => life.abort();
  }, [wanted, round]);
  return { test, again: useCallback(() => setRound((before) => before + 1), []) };
}
