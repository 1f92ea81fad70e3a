"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import type { Line } from "@/lib/call/line.browser.ts";
import type { ConsentView } from "@/lib/consent/grant.ts";
import { adopt } from "@/lib/ledger/keep.ts";
import { shelf } from "@/lib/ledger/shelf.browser.ts";
import type { LedgerOfFile } from "@/lib/ledger/submission.ts";
import { listRecords } from "@/lib/records/api.ts";
import type { AskView, RecordView } from "@/lib/records/record.ts";
import { ask, type LedgerState } from "@/lib/wire.ts";

export interface Records {
  /** Undefined until they were read once. */
  readonly records: readonly RecordView[] | undefined;
  readonly asks: readonly AskView[];
  /** Why the newest reading failed; what was read before stays. */
  readonly fault: unknown;
  reload(): void;
}

/** Nobody needs each of ten moves in a second: one reading a short while after the first. */
const SETTLE_MS = 250;

/** A visit's records and questions, live: read anew whenever the line says that one moved or was answered. */
export function useRecords(
  visitId: string,
  line: Pick<Line, "on" | "connected"> | undefined,
  /** Under which permission and on which ledger, once both are known: what is listed is remembered until it is there. */
  under: { ledger: LedgerOfFile; consent: ConsentView } | undefined,
  /** False puts the first reading off. */
  now = true,
): Records {
  const [kept, setKept] = useState<{ records?: RecordView[]; asks: AskView[]; fault: unknown }>({
    asks: [],
    fault: undefined,
  });
  const reloads = useRef(() => {});
  const newest = useRef(under);
  newest.current = under;
  const known = useRef<ReadonlySet<string>>(new Set());
  useEffect(() => {
    if (!now) return;
    const life = new AbortController();
    const { signal } = life;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const read = async () => {
      timer = undefined;
      try {
        const { records, asks } = await ask(listRecords, { visitId }, { signal });
        known.current = new Set(records.map((one) => one.id));
        setKept({ records, asks, fault: undefined });
        if (newest.current) await adopt(shelf, { visitId, ...newest.current, records });
      } catch (fault) {
        if (!signal.aborted) setKept((before) => ({ ...before, fault }));
      }
    };
    const soon = () => {
      timer ??= setTimeout(read, SETTLE_MS);
    };
    // A known record's new state needs no reading, and leaves no look on the trail; why one was held back does.
    const moved = ({ visitId: of, id, state }: { visitId: string; id: string; state: LedgerState }) => {
      if (of !== visitId) return;
      const isKnown = known.current.has(id);
      setKept((before) => moveIn(before, id, state));
      if (!isKnown || state === "parked") soon();
    };
    const stops = line
      ? [
          line.on("record:moved", moved),
          line.on("ask:changed", (news) => {
            if (news.visitId === visitId) soon();
          }),
          line.connected.subscribe(() => {
            if (line.connected.getSnapshot()) soon();
          }),
        ]
      : [];
    reloads.current = () => void read();
    void read();
    return () => {
      life.abort();
      clearTimeout(timer);
      for (const stop of stops) stop();
    };
  }, [visitId, line, now]);
  const reload = useCallback(() => reloads.current(), []);
  return { records: kept.records, asks: kept.asks, fault: kept.fault, reload };
}

function moveIn<T extends { records?: RecordView[] }>(before: T, id: string, state: LedgerState): T {
  if (!before.records?.some((one) => one.id === id)) return before;
  return { ...before, records: before.records.map((one) => (one.id === id ? { ...one, ledger: state } : one)) };
}
