"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { CalendarDays, LifeBuoy, Plus } from "lucide-react";
import { useRouter } from "next/navigation";
import { useEffect, useMemo, useState } from "react";
import { RecoveryKitDialog } from "@/components/auth/recovery-kit";
import { KeyGate, useKeys, useMe } from "@/components/auth/staff";
import { StaffShell } from "@/components/auth/staff-shell";
import { kitSaved } from "@/components/keyring/kit-saved.ts";
import { SharedCard } from "@/components/records/shared-card";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Loading } from "@/components/ui/skeleton";
import { daysUntil, longDay } from "@/components/ui/times.ts";
import { wordsFor } from "@/lib/strings/en.ts";
import { listVisits, type VisitView } from "@/lib/visits/api.ts";
import { ask } from "@/lib/wire.ts";
import { WaitingBell } from "./bell.tsx";
import { Estimate } from "./estimate.tsx";
import { useAllOpened } from "./opened.ts";
import { ReadyNote } from "./ready-note.tsx";
import { timeOf } from "./time-of.ts";
import { useVisitNews } from "./use-news.ts";
import { useReadyMedia, useReadyRooms } from "./use-ready.ts";
import { VisitList } from "./visit-list.tsx";
import { Waiting } from "./waiting.tsx";

export function VisitsScreen() {
  return (
    <StaffShell current="visits">
      <KeyGate>
        <Visits />
      </KeyGate>
    </StaffShell>
  );
}

function Visits() {
  const router = useRouter();
  const keys = useKeys();
  const { old } = useVisitNews();
  const now = useNow();
  const list = useInfiniteQuery({
    queryKey: ["visits"],
    queryFn: ({ pageParam }) => ask(listVisits, pageParam ? { before: pageParam } : {}),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.older,
  });
  const visits = useMemo(() => list.data?.pages.flatMap((page) => page.visits) ?? [], [list.data]);
  const opened = useAllOpened(visits, keys);
  const { waiting, today, ahead, past } = useMemo(() => sorted(visits, now), [visits, now]);
  const waitingIds = useMemo(() => waiting.map((visit) => visit.id), [waiting]);

  const media = useReadyMedia(waiting.length > 0 ? "waiting" : "none");
  useReadyRooms(waitingIds);

  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <div>
          <h1 className="text-title font-bold">Today’s visits</h1>
          <p className="text-muted-foreground">{longDay(now)}</p>
        </div>
        <Button className="min-h-11" onClick={() => router.push("/visits/new")}>
          <Plus aria-hidden="true" />
          New visit
        </Button>
      </div>
      <Waiting visits={waiting} opened={opened} className="mt-5" />
      {media ? <ReadyNote media={media} /> : null}
      {waiting.length === 0 ? <KitReminder /> : null}
      {old ? (
        <Alert tone="info" title="The live line to the server is down" className="mt-5">
          We keep trying by ourselves. Until then a new patient doesn’t ring here.
        </Alert>
      ) : null}
      {list.isError ? (
        <Alert tone="warning" title={wordsFor(list.error)} className="mt-5">
          {visits.length > 0 ? <p>What you see is from before.</p> : null}
          <Button variant="outline" className="mt-3" onClick={() => list.refetch()} busy={list.isFetching}>
            Try again
          </Button>
        </Alert>
      ) : null}
      {list.isPending ? (
        <Loading
          label="Loading visits"
          slow="Still waiting for the server to answer."
          className="mt-5 rounded-xl border bg-card p-5"
        />
      ) : null}
      {list.data ? (
        <div className="mt-5 grid gap-6">
          {today.length > 0 ? (
            <VisitList label="Schedule" visits={today} opened={opened} now={now} />
          ) : (
            <Empty icon={<CalendarDays aria-hidden="true" />} title="No visits today">
              Create one and send the link.
            </Empty>
          )}
          {ahead.length > 0 ? (
            <div>
              <h2 className="mb-2 text-[1.125rem] font-semibold">Coming up</h2>
              <VisitList label="Coming up" visits={ahead} opened={opened} now={now} />
            </div>
          ) : null}
          {past.length > 0 || list.hasNextPage ? (
            <div>
              <h2 className="mb-2 text-[1.125rem] font-semibold">Earlier</h2>
              {past.length > 0 ? <VisitList label="Earlier" visits={past} opened={opened} now={now} /> : null}
              {list.hasNextPage ? (
                <Button
                  variant="outline"
                  className="mt-3"
                  onClick={() => list.fetchNextPage()}
                  busy={list.isFetchingNextPage}
                >
                  Show older visits
                </Button>
              ) : null}
            </div>
          ) : null}
          <SharedCard />
          <div className="-mt-2">
            <WaitingBell waiting={waitingIds} />
            <Estimate />
          </div>
        </div>
      ) : null}
    </>
  );
}

interface Sorted {
  waiting: VisitView[];
  today: VisitView[];
  ahead: VisitView[];
  past: VisitView[];
}

function sorted(visits: readonly VisitView[], now: Date): Sorted {
  const found: Sorted = { waiting: [], today: [], ahead: [], past: [] };
  for (const visit of visits) {
    if (visit.state === "waiting") found.waiting.push(visit);
    const days = daysUntil(timeOf(visit), now);
    // Who waits or talks belongs to today, whatever was planned.
    const live = visit.state === "waiting" || visit.state === "in-call";
    if (days === 0 || live) found.today.push(visit);
    else found[days > 0 ? "ahead" : "past"].push(visit);
  }
  const byTime = (a: VisitView, b: VisitView) => timeOf(a).getTime() - timeOf(b).getTime();
  found.waiting.sort((a, b) => (a.waitingSince ?? "").localeCompare(b.waitingSince ?? ""));
  found.today.sort(byTime);
  found.ahead.sort(byTime);
  found.past.sort((a, b) => byTime(b, a));
  return found;
}

/** The minute it is: a page left open over midnight shows the new day. */
function useNow(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 60_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** Until the kit is saved it is this person's turn; a waiting patient comes first. */
function KitReminder() {
  const me = useMe();
  const [needed, isNeeded] = useState(false);
  const [open, setOpen] = useState(false);
  useEffect(() => isNeeded(!kitSaved(me.id)), [me.id]);
  if (!needed && !open) return null;
  return (
    <section
      aria-label="Recovery kit"
      className="mt-5 flex flex-wrap items-center justify-between gap-x-6 gap-y-3 rounded-xl border-2 border-attention bg-card p-4 sm:px-5"
    >
      <div className="flex min-w-0 grow basis-[18rem] gap-3">
        <LifeBuoy aria-hidden="true" className="mt-0.5 size-5 shrink-0" />
        <p className="min-w-0">
          <span className="font-semibold">Your recovery kit is not saved yet.</span>{" "}
          <span className="text-muted-foreground">
            Twelve words on paper open your visits on another device. There is no other way.
          </span>
        </p>
      </div>
      <Button variant="outline" className="min-h-11" onClick={() => setOpen(true)}>
        Save recovery kit
      </Button>
      <RecoveryKitDialog open={open} onOpenChange={setOpen} onSaved={() => isNeeded(false)} />
    </section>
  );
}
