"use client";

import { useCallback, useSyncExternalStore } from "react";
import type { Prescription } from "@/lib/records/prescription.ts";

/** How far a prescription went. Times are ISO instants. */
type Stage =
  | { is: "writing" }
  | { is: "signing"; prescription: Prescription }
  | { is: "asked" | "signed" | "refused"; id: string; at: string; prescription: Prescription }
  | { is: "failed"; prescription: Prescription; fault: unknown; at: string };

/** By visit, in this page's memory only: a panel that was closed and opened again shows where things stand. */
const stages = new Map<string, Stage>();
const listeners = new Set<() => void>();
const writing: Stage = { is: "writing" };

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

export function useStage(visitId: string): [Stage, (next: Stage) => void] {
  const read = () => stages.get(visitId) ?? writing;
  const stage = useSyncExternalStore(subscribe, read, () => writing);
  const go = useCallback(
    (next: Stage) => {
      stages.set(visitId, next);
      for (const listener of [...listeners]) listener();
    },
    [visitId],
  );
  return [stage, go];
}
