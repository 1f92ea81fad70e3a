"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { bring } from "@/components/ui/bring.ts";
import { toast } from "@/components/ui/toaster.tsx";
import type { LogAlarm } from "@/lib/audit/follow.ts";
import type { Line } from "@/lib/call/line.browser.ts";
import type { ConsentView } from "@/lib/consent/grant.ts";
import { askNode, chooseNode, chosenNode } from "@/lib/ledger/node.browser.ts";
import type { LedgerOfFile } from "@/lib/ledger/submission.ts";
import type { Alarm } from "@/lib/ledger/watch.ts";
import { AlarmCards } from "./promise-alerts.tsx";

export interface Promises {
  /** What this browser knows of and did not find where it was promised to be. */
  readonly alarms: readonly Alarm[];
  /** What is wrong with the clinic's log as this browser sees it. */
  readonly log: LogAlarm | null;
  /** The node that is asked; null for the clinic's own window. */
  readonly node: string | null;
  chooseNode(node: string | null): void;
}

async function loadWatching() {
  void AlarmCards.fetch().catch(() => {});
  return import("./watching.ts");
}

/** The way into a call has the line to itself: what may take minutes begins once nothing has moved for this long. */
const QUIET_MS = 5_000;

/**
 * Watches over what was signed in a visit while a page of it is open. The code that reads the ledger is fetched for it, so
 * that nobody waits for it.
 */
export function usePromises(about: {
  visitId: string;
  ledger: LedgerOfFile | undefined;
  consent: ConsentView | null | undefined;
  line: Pick<Line, "on"> | undefined;
  /** In a call an alarm is a short message; the page after it says what to do. */
  inCall: boolean;
}): Promises {
  const { visitId, ledger, consent, line, inCall } = about;
  const [alarms, setAlarms] = useState<readonly Alarm[]>([]);
  const [chosen, setChosen] = useState<{ node: string | null }>();
  const chainId = ledger?.chainId;
  const node = chosen ? chosen.node : ledger ? chosenNode(ledger) : null;
  const watch = useRef<{ lookNow(): void }>(undefined);

  const newest = useRef(ledger);
  newest.current = ledger;
  const [log, setLog] = useState<LogAlarm | null>(null);
  const [quiet, setQuiet] = useState(false);
  const given = Boolean(consent);
  useEffect(() => {
    void [given, inCall];
    if (!chainId || quiet) return;
    const timer = setTimeout(() => setQuiet(true), QUIET_MS);
    return () => clearTimeout(timer);
  }, [chainId, given, inCall, quiet]);

  useEffect(() => {
    if (!chainId || !quiet) return;
    const life = new AbortController();
    bring(loadWatching, life.signal).then(
      ({ followClinic, watchKept, shelf }) => {
        if (life.signal.aborted) return;
        if (newest.current) followClinic(newest.current, node, setLog, life.signal);
        watch.current = watchKept({ visitId, shelf, rpc: askNode(node), onAlarms: setAlarms }, life.signal);
      },
      (fault) => {
        if (!life.signal.aborted) throw fault;
      },
    );
    return () => {
      life.abort();
      watch.current = undefined;
      setAlarms([]);
    };
  }, [visitId, chainId, node, quiet]);

  useEffect(
    () =>
      line?.on("record:moved", (news) => {
        if (news.visitId === visitId && (news.state === "ledger" || news.state === "final")) watch.current?.lookNow();
      }),
    [visitId, line],
  );

  useEffect(() => {
    const ledger = newest.current;
    if (chainId && quiet && ledger && consent)
      void loadWatching().then(({ adopt, shelf }) => adopt(shelf, { visitId, ledger, consent }));
  }, [visitId, chainId, consent, quiet]);

  const wrong = log
    ? "Something is wrong with this clinic’s log"
    : alarms.some((alarm) => alarm.is !== "unseen") && "Something from this visit is not on the ledger in time";
  useEffect(() => {
    if (wrong && inCall) toast(`${wrong}. The page after the visit says what to do.`);
  }, [wrong, inCall]);

  const choose = useCallback((next: string | null) => {
    if (newest.current) chooseNode(newest.current, next);
    setChosen({ node: next });
  }, []);
  return { alarms, log, node, chooseNode: choose };
}
