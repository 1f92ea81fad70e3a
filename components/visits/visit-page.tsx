"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { CalendarX } from "lucide-react";
import Link from "next/link";
import { useEffect, useMemo } from "react";
import { useOwnClinic } from "@/components/auth/own-clinic.ts";
import { KeyGate, StaffGate, useKeys } from "@/components/auth/staff";
import { StaffFrame } from "@/components/auth/staff-shell";
import { useAlarm } from "@/components/call/use-alarm.ts";
import { consentMoved } from "@/components/consent/moved.ts";
import { PromiseAlerts } from "@/components/ledger/promise-alerts";
import { type Promises, usePromises } from "@/components/ledger/use-promises.ts";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { fetched } from "@/components/ui/fetched.tsx";
import { Loading } from "@/components/ui/skeleton";
import type { Line } from "@/lib/call/line.browser.ts";
import type { Media } from "@/lib/call/media.browser.ts";
import type { NotPrivate } from "@/lib/call/verified.ts";
import { Refusal } from "@/lib/refusal.ts";
import { wordsFor } from "@/lib/strings/en.ts";
import { readVisit, type VisitView } from "@/lib/visits/api.ts";
import { ask } from "@/lib/wire.ts";
import { BackToVisits } from "./back-to-visits.tsx";
import { EndVisit } from "./end-visit.tsx";
import { HeldElsewhere, useHeldHere } from "./held-elsewhere.tsx";
import { assertKnownPatient } from "./known-patient.ts";
import { calledOf, nameOf, useOpened } from "./opened.ts";
import { ClinicianRoom } from "./room-later.tsx";
import { useVisitNews } from "./use-news.ts";
import { useReadyMedia, useReadyRooms } from "./use-ready.ts";
import { VisitBefore } from "./visit-before.tsx";

const NotPrivateScreen = fetched(() => import("@/components/call/not-private").then((m) => m.NotPrivateScreen));
const ClinicianSummary = fetched(
  () => import("@/components/records/clinician-summary").then((summary) => summary.ClinicianSummary),
  () => <Loading label="Opening the summary" />,
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
  const queries = useQueryClient();
  const visit = useQuery({
    queryKey: ["visit", visitId],
    queryFn: () => ask(readVisit, { visitId }),
    staleTime: 60_000,
  });
  const { old, line } = useVisitNews();
  // The news carry the new state: no need for a look at the visit, which would be on the trail.
  useEffect(
    () =>
      line?.on("record:moved", (news) => {
        if (news.visitId !== visitId) return;
        queries.setQueryData<VisitView>(["visit", visitId], (before) =>
          before?.consent ? { ...before, consent: consentMoved(before.consent, news.id, news.state) } : before,
        );
      }),
    [line, queries, visitId],
  );
  const promises = usePromises({
    visitId,
    ledger: useOwnClinic().data?.ledger,
    consent: visit.data?.consent,
    line,
    inCall: visit.data?.state === "in-call",
  });

  const state = visit.data?.state;
  const alarm = useAlarm(visitId, visit.data?.end);
  const media = useReadyMedia(alarm.raised ? "over" : !state || state === "planned" ? "none" : state);
  useReadyRooms(useMemo(() => (state === "waiting" ? [visitId] : []), [state, visitId]));

  const isOver = visit.data?.state === "over";
  const unknown = useMemo(() => visit.data && isUnknown(visit.data), [visit.data]);
  if (unknown) {
    return (
      <StaffFrame current="visits">
        <UnknownPatient />
      </StaffFrame>
    );
  }
  if (alarm.raised && visit.data) {
    return (
      <KeyGate>
        <Alarmed visit={visit.data} found={alarm.found} onLeave={alarm.leave} />
      </KeyGate>
    );
  }
  if (visit.data?.state === "in-call" && line && media) {
    return (
      <KeyGate>
        <InCall
          visit={visit.data}
          line={line}
          media={media}
          onChanged={() => void queries.invalidateQueries({ queryKey: ["visit", visitId] })}
          onNotPrivate={alarm.raise}
        />
      </KeyGate>
    );
  }
  return (
    <StaffFrame current="visits">
      <KeyGate>
        {isOver && <PromiseAlerts promises={promises} reader="clinician" className="mb-5" />}
        {visit.data ? (
          <Outside promises={promises} visit={visit.data} line={line} media={media} old={old} />
        ) : visit.isError ? (
          <NotShown why={visit.error} again={() => visit.refetch()} asking={visit.isFetching} />
        ) : (
          <Coming />
        )}
        {/* Who waits comes first. */}
        {isOver ? null : <PromiseAlerts promises={promises} reader="clinician" className="mt-6" />}
      </KeyGate>
    </StaffFrame>
  );
}

function InCall(props: {
  visit: VisitView;
  line: Line;
  media: Media;
  onChanged: () => void;
  onNotPrivate: (found: NotPrivate) => void;
}) {
  const keys = useKeys();
  const heldHere = useHeldHere(props.visit);
  if (heldHere) return <ClinicianRoom {...props} keys={keys} />;
  return (
    <StaffFrame current="visits">
      <BackToVisits />
      <HeldElsewhere visit={props.visit} className="mt-5" />
      <EndVisit visitId={props.visit.id} onEnded={props.onChanged} />
    </StaffFrame>
  );
}

function Alarmed({ visit, ...rest }: { visit: VisitView; found: NotPrivate | undefined; onLeave: () => void }) {
  const opened = useOpened(visit, useKeys());
  return <NotPrivateScreen {...rest} doctor name={opened ? calledOf(opened) : "the patient"} />;
}

function Outside({
  promises,
  visit,
  line,
  media,
  old,
}: {
  promises: Promises;
  visit: VisitView;
  line: Line | undefined;
  media: Media | undefined;
  old: boolean;
}) {
  if (visit.state === "over") return <After promises={promises} visit={visit} line={line} />;
  if (visit.state === "in-call") return <Coming />;
  return <VisitBefore visit={visit} media={media} old={old} />;
}

function After({ promises, visit, line }: { promises: Promises; visit: VisitView; line: Line | undefined }) {
  const keys = useKeys();
  const opened = useOpened(visit, keys);
  const clinic = useOwnClinic();
  useEffect(() => {
    if (opened) document.title = `Visit with ${nameOf(opened)} · Assent`;
  }, [opened]);
  if (clinic.isError) return <NotShown why={clinic.error} again={() => clinic.refetch()} asking={clinic.isFetching} />;
  if (!clinic.data || !opened) return <Coming />;
  return (
    <>
      <BackToVisits />
      <ClinicianSummary
        promises={promises}
        visit={visit}
        patientName={opened.name || null}
        keys={keys}
        ledger={clinic.data.ledger}
        line={line}
      />
    </>
  );
}

function Coming() {
  return (
    <>
      <BackToVisits />
      <Loading label="Opening the visit" slow="Still waiting for the server to answer." className="mt-5" />
    </>
  );
}

function isUnknown(visit: VisitView): boolean {
  try {
    assertKnownPatient(visit);
    return false;
  } catch {
    return true;
  }
}

/** A patient takes a link with one key, which never changes: there is no way on from another one. */
function UnknownPatient() {
  return (
    <>
      <BackToVisits />
      <Alert tone="danger" role="alert" title="This is not the patient’s key" className="mt-5">
        What the server sent as the patient’s key is not the one that took the link or gave the permission. Nothing is
        sealed to it and no call is opened. Tell your admin, and plan a new visit.
      </Alert>
    </>
  );
}

function NotShown({ why, again, asking }: { why: unknown; again: () => void; asking: boolean }) {
  const missing = why instanceof Refusal && (why.code === "visit.not-found" || why.code === "request.malformed");
  return (
    <>
      <BackToVisits />
      {missing ? (
        <Empty
          level={1}
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
        <Alert tone="warning" title={wordsFor(why)} className="mt-5">
          <Button variant="outline" className="mt-3" onClick={again} busy={asking}>
            Try again
          </Button>
        </Alert>
      )}
    </>
  );
}
