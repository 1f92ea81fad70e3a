"use client";

import { useQuery } from "@tanstack/react-query";
import { FileChartColumn } from "lucide-react";
import Link from "next/link";
import { AdminsOnly } from "@/components/auth/admins-only.tsx";
import { PhoneCard } from "@/components/auth/phone-card.tsx";
import { StaffShell } from "@/components/auth/staff-shell";
import { useClinic } from "@/components/auth/use-clinic.ts";
import { useLedger } from "@/components/auth/use-ledger.ts";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Loading, Skeleton } from "@/components/ui/skeleton";
import { clock, longDay } from "@/components/ui/times.ts";
import { readOverview } from "@/lib/audit/overview.ts";
import { wordsFor } from "@/lib/strings/apart.ts";
import { ask } from "@/lib/wire.ts";
import { ExportsWaiting } from "./export-requests.tsx";
import { askedOf, daysAround } from "./figures.ts";
import { LogTrouble } from "./log-trouble.tsx";
import { BrokenLines, LedgerTrouble, StoresTrouble } from "./overview-alarms.tsx";
import { LedgerDelay } from "./overview-delay.tsx";
import { Erasures } from "./overview-erasures.tsx";
import { Numbers } from "./overview-numbers.tsx";
import { Ratings } from "./overview-ratings.tsx";
import { Refusals } from "./overview-refusals.tsx";
import { StorageAndIntegrity } from "./overview-storage.tsx";
import { TrendCharts } from "./overview-trends.tsx";
import { VisitsADay } from "./overview-visits.tsx";
import { WaitingForAdmin } from "./overview-waiting.tsx";
import { Parked, useParked } from "./parked.tsx";
import { useLogStanding } from "./use-log.ts";

/** Milliseconds between two looks; each is a handful of counts by index and leaves no line on the trail. */
const EVERY = 30_000;

export function OverviewScreen() {
  return (
    <StaffShell current="clinic" wide>
      <AdminsOnly what="The clinic’s figures are">
        <Glance />
      </AdminsOnly>
    </StaffShell>
  );
}

function Glance() {
  const [clinic] = useClinic();
  const ledger = useLedger(EVERY).data;
  const log = useLogStanding().data;
  const figures = useQuery({
    queryKey: ["audit", "overview"],
    queryFn: async () => {
      const days = daysAround(new Date());
      return { days, overview: await ask(readOverview, askedOf(days)) };
    },
    refetchInterval: EVERY,
  });
  const parked = useParked();
  const found = figures.data;
  const at = found ? new Date(found.overview.at) : null;

  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h1 className="text-title font-bold">Clinic at a glance</h1>
        <Button asChild variant="outline">
          <Link href="/admin/report">
            <FileChartColumn aria-hidden="true" />
            Monthly report
          </Link>
        </Button>
      </div>
      <p className="min-h-[1.5em] text-muted-foreground">
        {[clinic.is === "known" ? clinic.clinic.name : null, at ? `${longDay(at)}, ${clock(at)}` : null]
          .filter(Boolean)
          .join(" · ")}
      </p>
      {figures.isError ? (
        <Alert tone="warning" className="mt-4" title={wordsFor(figures.error)}>
          {found ? <p>What you see is from before.</p> : null}
          <Button
            variant="outline"
            size="sm"
            className="mt-2"
            onClick={() => figures.refetch()}
            busy={figures.isFetching}
          >
            Try again
          </Button>
        </Alert>
      ) : null}
      {found ? (
        <>
          <BrokenLines verified={found.overview.verified} ledger={ledger} />
          <LogTrouble log={log} />
          <LedgerTrouble ledger={ledger} />
          <StoresTrouble storage={found.overview.storage} />
          <WaitingForAdmin />
          <Numbers overview={found.overview} />
          <Erasures />
          <ExportsWaiting />
          <Parked parked={parked} />
          <div className="mt-4 grid grid-cols-[minmax(0,1fr)] gap-4 xl:grid-cols-[minmax(0,1.55fr)_minmax(0,1fr)]">
            <VisitsADay visits={found.overview.visits} days={found.days} />
            <Refusals refusals={found.overview.refusals} />
            <LedgerDelay overview={found.overview} ledger={ledger} refused={parked.data?.acts.length} />
            <StorageAndIntegrity overview={found.overview} />
            <TrendCharts days={found.days} />
            <Ratings ratings={found.overview.ratings} />
            <PhoneCard />
          </div>
        </>
      ) : figures.isError ? null : (
        <Loading label="Loading the clinic’s figures" slow="Still waiting for the practice’s server." className="mt-4">
          <div className="grid grid-cols-2 gap-3 xl:grid-cols-4">
            {[0, 1, 2, 3].map((card) => (
              <Skeleton key={card} className="h-28 w-full" />
            ))}
          </div>
          <div className="mt-4 grid gap-4 xl:grid-cols-[minmax(0,1.55fr)_minmax(0,1fr)]">
            {[0, 1, 2, 3].map((card) => (
              <Skeleton key={card} className="h-72 w-full" />
            ))}
          </div>
        </Loading>
      )}
    </>
  );
}
