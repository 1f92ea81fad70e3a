"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { type Line, openLine } from "@/lib/call/line.browser.ts";
import { AFTER_ADMIT_MS } from "./after-admit.ts";
import { held } from "./held.ts";

/** From one screen to the next; the line goes along. */
const GRACE_MS = 5_000;
const lines = held((signal) => openLine({ signal }), GRACE_MS);

/** A dropped line is told about only when it does not come back at once. */
const PATIENCE_MS = 4_000;

/**
 * Hears of every change of the doctor’s visits and asks again for what is shown of them. Answers the line, and whether it
 * has been down for a while, so that what is shown may be old.
 */
export function useVisitNews(): { old: boolean; line: Line | undefined } {
  const queries = useQueryClient();
  const [old, isOld] = useState(false);
  const [here, setHere] = useState<Line>();
  useEffect(() => {
    const lifetime = new AbortController();
    const shared = lines.hold();
    const line = shared.it;
    setHere(line);
    const again = (visitId?: string) => {
      void queries.invalidateQueries({ queryKey: ["visits"] });
      void queries.invalidateQueries({ queryKey: visitId ? ["visit", visitId] : ["visit"] });
    };
    const later: ReturnType<typeof setTimeout>[] = [];
    let wasUp = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      clearTimeout(timer);
      if (!line.connected.getSnapshot()) {
        timer = setTimeout(() => isOld(true), PATIENCE_MS);
        return;
      }
      isOld(false);
      if (wasUp) again(); // news of the time without a line were not heard
      wasUp = true;
    };
    const unhear = line.on("visit:changed", ({ visitId, state }) => {
      // Who admitted knows already what the visit is like, and both pages have more urgent things to ask.
      if (state === "in-call") later.push(setTimeout(() => again(visitId), AFTER_ADMIT_MS));
      else again(visitId);
    });
    const stop = line.connected.subscribe(look);
    look();
    const watch = () => {
      line.ask("visits:watch", {}).catch(() => {
        if (!lifetime.signal.aborted) setTimeout(watch, PATIENCE_MS);
      });
    };
    watch();
    return () => {
      clearTimeout(timer);
      later.forEach(clearTimeout);
      stop();
      unhear();
      lifetime.abort();
      shared.release();
    };
  }, [queries]);
  return { old, line: here };
}
