"use client";

import { useQuery } from "@tanstack/react-query";
import { CalendarX } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useEffect } from "react";
import { KeyGate, StaffGate, useKeys } from "@/components/auth/staff";
import { StaffFrame } from "@/components/auth/staff-shell";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Loading } from "@/components/ui/skeleton";
import { Refusal } from "@/lib/refusal.ts";
import { wordsFor } from "@/lib/strings/en.ts";
import { readVisit } from "@/lib/visits/api.ts";
import { ask } from "@/lib/wire.ts";
import { BackToVisits } from "./new-visit-screen.tsx";
import { nameOf, useOpened } from "./opened.ts";
import { useVisitNews } from "./use-news.ts";
import { VisitBefore } from "./visit-before.tsx";

const ClinicianRoom = dynamic(() => import("@/components/call/clinician-room").then((room) => room.ClinicianRoom), {
  ssr: false,
  loading: () => <Loading label="Opening the room" />,
});
const ClinicianSummary = dynamic(
  () => import("@/components/records/clinician-summary").then((summary) => summary.ClinicianSummary),
  { ssr: false, loading: () => <Loading label="Opening the summary" /> },
);

/** One visit, before, during and after: its state decides which. */
export function VisitPage({ visitId }: { visitId: string }) {
  return (
    <StaffGate>
      <Stage visitId={visitId} />
    </StaffGate>
  );
}

/** The room has the whole screen; everything else stands in the frame. */
function Stage({ visitId }: { visitId: string }) {
  const visit = useVisit(visitId);
  if (visit.data?.state === "in-call") {
    return (
      <KeyGate>
        <InCall visitId={visitId} />
      </KeyGate>
    );
  }
  return (
    <StaffFrame current="visits">
      <KeyGate>
        <Outside visitId={visitId} />
      </KeyGate>
    </StaffFrame>
  );
}

const useVisit = (visitId: string) =>
  useQuery({ queryKey: ["visit", visitId], queryFn: () => ask(readVisit, { visitId }), staleTime: 60_000 });

function InCall({ visitId }: { visitId: string }) {
  const keys = useKeys();
  const visit = useVisit(visitId);
  useVisitNews();
  return visit.data ? <ClinicianRoom visit={visit.data} keys={keys} /> : null;
}

function Outside({ visitId }: { visitId: string }) {
  const keys = useKeys();
  const visit = useVisit(visitId);
  const { old } = useVisitNews();

  if (visit.isPending) {
    return (
      <>
        <BackToVisits />
        <Loading label="Opening the visit" slow="Still waiting for the server to answer." className="mt-5" />
      </>
    );
  }
  if (!visit.data) {
    const missing = visit.error instanceof Refusal && visit.error.code === "visit.not-found";
    return (
      <>
        <BackToVisits />
        {missing ? (
          <Empty
            icon={<CalendarX aria-hidden="true" />}
            title="There is no such visit"
            className="mt-5"
            action={
              <Button asChild variant="outline">
                <Link href="/visits">Go to your visits</Link>
              </Button>
            }
          >
            It may belong to another doctor, or the address is not complete.
          </Empty>
        ) : (
          <Alert tone="warning" title={wordsFor(visit.error)} className="mt-5">
            <Button variant="outline" className="mt-3" onClick={() => visit.refetch()} busy={visit.isFetching}>
              Try again
            </Button>
          </Alert>
        )}
      </>
    );
  }
  if (visit.data.state === "over") return <After visit={visit.data} keys={keys} />;
  return <VisitBefore visit={visit.data} old={old} />;
}

function After({
  visit,
  keys,
}: {
  visit: NonNullable<ReturnType<typeof useVisit>["data"]>;
  keys: ReturnType<typeof useKeys>;
}) {
  const opened = useOpened(visit, keys);
  useEffect(() => {
    if (opened) document.title = `Visit with ${nameOf(opened)} · Assent`;
  }, [opened]);
  return (
    <>
      <BackToVisits />
      <ClinicianSummary visit={visit} keys={keys} />
    </>
  );
}
