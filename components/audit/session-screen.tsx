"use client";

import { useQuery } from "@tanstack/react-query";
import { ShieldCheck } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import type * as z from "zod/mini";
import { useLedger } from "@/components/auth/use-ledger.ts";
import { DownloadEvidence, loadTaking } from "@/components/records/download-evidence.tsx";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Loading, Skeleton } from "@/components/ui/skeleton";
import { counted } from "@/components/ui/text.ts";
import { longWhen } from "@/components/ui/times.ts";
import { type Line, readSession } from "@/lib/audit/api.ts";
import type { Verdict } from "@/lib/audit/verify.ts";
import { wordsFor } from "@/lib/strings/apart.ts";
import { ask } from "@/lib/wire.ts";
import { AuditPage } from "./audit-page.tsx";
import { EventTable } from "./event-table.tsx";
import { Export } from "./export.tsx";
import { ReviewPanel } from "./review/review-panel.tsx";
import { scaleOf } from "./scale.ts";
import { SessionScale } from "./session-scale.tsx";
import { startVerification, stopVerification, useVerification, type Verification, verdictOf } from "./verification.ts";
import { VerificationCard } from "./verification-card.tsx";
import { lasted, timeIn } from "./words.ts";

export function SessionScreen({ visitId }: { visitId: string }) {
  return (
    <AuditPage>
      <Session visitId={visitId} />
    </AuditPage>
  );
}

type Answer = z.infer<typeof readSession.answer>;

function Session({ visitId }: { visitId: string }) {
  const session = useQuery({
    queryKey: ["audit", "session", visitId],
    queryFn: () => ask(readSession, { visitId }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (session.data) return <Timeline answer={session.data} onRefresh={() => session.refetch()} />;
  if (session.isError) {
    return (
      <Alert tone="warning" className="mt-4" title={wordsFor(session.error)}>
        <Button
          variant="outline"
          size="sm"
          className="mt-2"
          onClick={() => session.refetch()}
          busy={session.isFetching}
        >
          Try again
        </Button>
      </Alert>
    );
  }
  return (
    <Loading label="Loading the session" slow="Still waiting for the practice’s server." className="mt-4">
      <Skeleton className="h-8 w-72" />
      <Skeleton className="mt-6 h-56 w-full" />
      <Skeleton className="mt-4 h-72 w-full" />
    </Loading>
  );
}

function Timeline({ answer, onRefresh }: { answer: Answer; onRefresh: () => Promise<unknown> }) {
  const { session: row, lines, consents } = answer;
  const ledger = useLedger().data;
  const mine = useVerification(row.visitId);
  const all = useVerification(null);
  const people = useMemo(() => new Map(answer.people.map(({ id, name }) => [id, name])), [answer.people]);
  // Whichever check is the later one speaks.
  const verification = later(mine, all);
  const verdict = (line: Line): Verdict | null => {
    const outside = mine !== null && verification === mine && !within(mine, line);
    return outside ? null : verdictOf(verification, line);
  };
  const verdicts = lines.map(verdict);
  const [everyLook, setEveryLook] = useState(false);
  const looks = lines.filter(isLook).length;
  const numbers = lines
    .filter((line, i) => everyLook || !isLook(line) || verdicts[i]?.is === "changed")
    .map(({ entry }) => entry.number)
    .join();
  const shown = useMemo(() => {
    const kept = new Set(numbers.split(",").map(Number));
    return lines.filter(({ entry }) => kept.has(entry.number));
  }, [lines, numbers]);
  const scale = useMemo(
    () => scaleOf({ row, lines: shown, consents, waitingSince: answer.waitingSince }),
    [row, shown, consents, answer.waitingSince],
  );
  const changed = new Set(lines.filter((_, i) => verdicts[i]?.is === "changed").map(({ entry }) => entry.number));
  useArrival(shown, () => setEveryLook(true));

  const verify = async () => {
    if (!ledger) return;
    // What is checked is what is shown: both as the database says it now.
    const fresh = (await onRefresh()) as { data?: Answer };
    const now = fresh.data ?? answer;
    const numbers = now.lines.map(({ entry }) => entry.number);
    const session = {
      visitId: row.visitId,
      first: Math.min(...numbers),
      last: Math.max(...numbers),
      goes: now.goes,
      consents: now.consents.map(({ id }) => id),
    };
    startVerification({ ledger: { chainId: ledger.chainId, address: ledger.address }, since: ledger.since, session });
  };
  const running = verification?.is === "running";

  return (
    <>
      <div className="mt-1 mb-4 flex flex-wrap items-center justify-between gap-3">
        <div>
          <h1 className="text-title font-bold">Session of {timeIn(row.at, longWhen)}</h1>
          <p className="text-muted-foreground">
            {row.clinician.name}
            {row.pseudonym ? (
              <>
                {" with "}
                <span className="font-mono text-table">{row.pseudonym}</span>
              </>
            ) : null}
            {row.startedAt ? ` · ${row.endedAt ? lasted(row.startedAt, row.endedAt) : "still running"}` : ""} ·{" "}
            {counted(lines.length, "line", "lines")}
            <Summary verdicts={verdicts} />
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          {consents.length > 0 ? (
            <DownloadEvidence take={async () => (await loadTaking()).takeSessionEvidence(row.visitId)} />
          ) : null}
          <Export filter={{ visitId: row.visitId }} />
          <Button
            variant="outline"
            className="min-h-11"
            disabled={!ledger}
            busy={mine?.is === "running"}
            onClick={verify}
          >
            {mine?.is === "running" ? null : <ShieldCheck aria-hidden="true" />}
            Verify
          </Button>
        </div>
      </div>
      {mine && verification === mine ? (
        <div className="mb-4">
          <VerificationCard
            verification={mine}
            here
            local={ledger?.local ?? true}
            onStop={() => stopVerification(row.visitId)}
            onAgain={verify}
          />
        </div>
      ) : null}
      {scale ? <SessionScale scale={scale} changed={changed} /> : null}
      {looks > 0 ? (
        <p className="mb-2 flex flex-wrap items-center gap-x-2 text-table text-muted-foreground">
          {everyLook
            ? "Every line is shown."
            : `${counted(looks, "look", "looks")} at states ${looks === 1 ? "is" : "are"} not shown; ${looks === 1 ? "it is" : "they are"} checked all the same.`}
          <Button variant="ghost" size="sm" aria-pressed={everyLook} onClick={() => setEveryLook(!everyLook)}>
            Show every look
          </Button>
        </p>
      ) : null}
      <EventTable lines={shown} people={people} verdict={verdict} running={running} />
      <ReviewPanel about={row.visitId} className="mt-4" />
    </>
  );
}

/** Someone's page asked how things stand: on the trail, but not what one comes here to read. Opening content always is. */
const isLook = ({ entry }: Line) =>
  entry.action === "visit.read" || entry.action === "record.listed" || entry.action === "audit.read";

function later(a: Verification | null, b: Verification | null): Verification | null {
  if (!a || !b) return a ?? b;
  return a.startedAt >= b.startedAt ? a : b;
}

/** Lines that came after a session's check began are not in it. */
const within = (verification: Verification, { entry }: Line) =>
  verification.is === "running" || entry.number <= verification.last;

function Summary({ verdicts }: { verdicts: readonly (Verdict | null)[] }) {
  const changed = verdicts.filter((verdict) => verdict?.is === "changed").length;
  if (changed > 0) {
    return (
      <>
        ,{" "}
        <span className="font-semibold text-destructive">
          {changed === 1 ? "1 doesn’t hold" : `${changed} don’t hold`}
        </span>
      </>
    );
  }
  if (verdicts.some((verdict) => verdict === null)) return null;
  const pending = verdicts.filter((verdict) => verdict?.is === "pending").length;
  if (pending > 0) return `, ${pending} not on the ledger yet`;
  return (
    <>
      , <span className="font-semibold text-success">all hold</span>
    </>
  );
}

/** “Show the line” leads here: the line is there only once the session is. On a phone it is an item of the list. */
function useArrival(shown: readonly Line[], onHidden: () => void): void {
  const hidden = useRef(onHidden);
  hidden.current = onHidden;
  useEffect(() => {
    const arrive = () => {
      const number = /^#line-(-?\d+)$/.exec(location.hash)?.[1];
      if (number && !shown.some(({ entry }) => entry.number === Number(number))) return hidden.current();
      for (const id of number ? [`line-${number}`, `item-${number}`] : []) {
        const element = document.getElementById(id);
        if (element && element.offsetParent !== null) element.scrollIntoView({ block: "center" });
      }
    };
    if (shown.length > 0) arrive();
    addEventListener("hashchange", arrive);
    return () => removeEventListener("hashchange", arrive);
  }, [shown]);
}
