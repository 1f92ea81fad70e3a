"use client";

import { BookMarked } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { ChosenLines } from "@/components/consent/choices.tsx";
import { firstName } from "@/components/consent/names.ts";
import { consentAsSeen, recordsAsSeen } from "@/components/ledger/as-seen.ts";
import type { Promises } from "@/components/ledger/use-promises.ts";
import { Alert } from "@/components/ui/alert.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Card, CardTitle } from "@/components/ui/card.tsx";
import { Empty } from "@/components/ui/empty.tsx";
import { Loading } from "@/components/ui/skeleton.tsx";
import { clock, day, longWhen } from "@/components/ui/times.ts";
import { GuestsCard } from "@/components/visits/guests/guests-card.tsx";
import type { Line } from "@/lib/call/line.browser.ts";
import { choicesOf } from "@/lib/consent/grant.ts";
import type { Keys } from "@/lib/keyring/keyring.ts";
import type { LedgerOfFile } from "@/lib/ledger/submission.ts";
import { wordsFor } from "@/lib/strings/apart.ts";
import type { VisitView } from "@/lib/visits/api.ts";
import { DownloadEvidence, loadTaking } from "./download-evidence.tsx";
import { NotesPanel } from "./notes-panel.tsx";
import { type TakenBack, takeBack } from "./paper/take-back.ts";
import { RatingQuestion } from "./rating-question.tsx";
import { RecordRows } from "./record-rows.tsx";
import { createRecorder } from "./recorder.ts";
import { useRecords } from "./use-records.ts";

interface ClinicianSummaryProps {
  promises: Promises;
  visit: VisitView;
  /** As the patient calls themselves; null when they told no name. */
  patientName: string | null;
  /** Null in a browser that doesn't have the doctor's keys: states show, content stays closed. */
  keys: Keys | null;
  ledger: LedgerOfFile;
  line: Line | undefined;
}

/** What a visit left behind, for its doctor. Its content opens with it, and the trail names every look. */
export function ClinicianSummary(props: ClinicianSummaryProps) {
  const { visit, patientName } = props;
  const heading = useRef<HTMLHeadingElement>(null);
  // The room is gone, and with it the control that ended it.
  useEffect(() => heading.current?.focus(), []);
  return (
    <>
      <h1 ref={heading} tabIndex={-1} className="mt-1 text-title font-bold break-words outline-none">
        {patientName ? `Visit with ${patientName}` : "Visit"}
      </h1>
      <p className="text-table text-muted-foreground">{howItEnded(visit, patientName)}</p>
      <Left {...props} />
    </>
  );
}

function howItEnded({ end, startedAt, endedAt, erasedAt }: VisitView, patientName: string | null): string {
  if (!endedAt) return "";
  const who = patientName ? firstName(patientName) : "The patient";
  const when = startedAt
    ? `${day(new Date(startedAt))} from ${clock(new Date(startedAt))} to ${clock(new Date(endedAt))}`
    : `${day(new Date(endedAt))} at ${clock(new Date(endedAt))}`;
  const why = {
    ended: "You ended the visit",
    left: `${who} left, which ended the visit`,
    revoked: `${who} took back the permission, which ended the visit at once`,
    declined: "You declined this visit",
    "not-private": "The call was not private, so it was ended",
  } as const;
  const erased = erasedAt ? ` Erased on ${longWhen(new Date(erasedAt))}, at the patient’s wish.` : "";
  return `${why[end ?? "ended"]}: ${when}.${erased}`;
}

/** What there is to see of it. */
function Left({ promises, visit, patientName, keys, ledger, line }: ClinicianSummaryProps) {
  const { consent, patient } = visit;
  if (!consent || !patient) {
    return (
      <Empty icon={<BookMarked aria-hidden="true" />} title="Nothing was recorded">
        The patient gave no permission in this visit.
      </Empty>
    );
  }
  const who = patientName ? firstName(patientName) : "the patient";
  return (
    <div className="mt-5 grid grid-cols-[minmax(0,1fr)] gap-6 lg:grid-cols-[1.6fr_1fr] lg:items-start">
      <Recorded promises={promises} visit={visit} who={who} keys={keys} ledger={ledger} line={line} />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
        <Card aria-labelledby="permission">
          <CardTitle id="permission">Permission of {patientName ?? "the patient"}</CardTitle>
          <div className="text-table">
            <ChosenLines choices={choicesOf(consent.consent.scopes)} />
            <p className="mt-3 border-t pt-3 text-muted-foreground">
              {consent.revokedAt
                ? `Taken back ${day(new Date(consent.revokedAt))} at ${clock(new Date(consent.revokedAt))}. Nothing more can be recorded; what was recorded stays.`
                : `Signed ${day(new Date(consent.grantedAt))} at ${clock(new Date(consent.grantedAt))}. Only the patient can take it back.`}
            </p>
          </div>
        </Card>
        {keys ? <GuestsCard guests={visit.guests} keys={keys} line={line} calm={false} /> : null}
        {keys ? <NotesCard visitId={visit.id} /> : null}
        {visit.startedAt ? <RatingQuestion visitId={visit.id} calm={false} /> : null}
      </div>
    </div>
  );
}

/** Opened by a tap: each look at notes is on the trail, and nobody looks by passing. */
function NotesCard({ visitId }: { visitId: string }) {
  const [open, setOpen] = useState(false);
  return (
    <Card aria-labelledby="notes" className={open ? "flex min-h-80 flex-col" : undefined}>
      <CardTitle id="notes">Notes</CardTitle>
      {open ? (
        <NotesPanel visitId={visitId} className="-mx-4 px-4 pb-0 sm:-mx-6 sm:px-6" />
      ) : (
        <>
          <p className="mt-1 text-table text-muted-foreground">Only you can read them.</p>
          <Button variant="outline" className="mt-3" onClick={() => setOpen(true)}>
            Open my notes
          </Button>
        </>
      )}
    </Card>
  );
}

/** After a visit no question is open whose answer would have to be waited for. */
const silent: Pick<Line, "on"> = { on: () => () => {} };

function Recorded(props: Omit<ClinicianSummaryProps, "patientName"> & { who: string }) {
  const { promises, visit, who, keys, ledger, line } = props;
  const { records, asks, fault, reload } = useRecords(
    visit.id,
    line,
    visit.consent ? { ledger, consent: visit.consent } : undefined,
  );
  if (!visit.consent || !visit.patient) return null;
  const { consent } = visit;
  const recipients = [visit.patient.recipient, visit.clinician.key.recipient];
  const cancel = (what: TakenBack, own: Keys) => {
    const by = { visitId: visit.id, consent, keys: own, recipients };
    const recorder = createRecorder({ ...by, ledger, line: line ?? silent }, new AbortController().signal);
    return takeBack(what, { ...by, recorder });
  };
  const opening = {
    visitId: visit.id,
    keys,
    ledger,
    consent: consentAsSeen(visit.consent, promises.alarms),
    recipients,
  };
  const hand =
    keys && records ? { takeBack: (what: TakenBack) => cancel(what, keys).finally(reload), records } : undefined;
  return (
    <Card aria-labelledby="recorded">
      <CardTitle id="recorded">What was recorded</CardTitle>
      {!keys && records && (
        <Alert role="none" tone="info" className="mt-4 p-3">
          This browser doesn’t have your key, so prescriptions and files stay closed here.
        </Alert>
      )}
      {records ? (
        <RecordRows
          records={recordsAsSeen(records, promises.alarms)}
          asks={asks}
          opening={opening}
          reader={{ calm: false, patient: who, clinician: "you" }}
          hand={hand}
        />
      ) : fault ? null : (
        <Loading label="Reading what was recorded" slow="The server is slow. We are still reading." className="mt-4" />
      )}
      {fault ? (
        <Alert tone="warning" className="mt-4" title="We couldn’t read it just now">
          <p>{wordsFor(fault)}</p>
          <Button variant="outline" className="mt-3" onClick={reload}>
            Try again
          </Button>
        </Alert>
      ) : null}
      <div className="mt-1 flex flex-wrap items-center justify-between gap-x-4 gap-y-2 border-t pt-4 text-table">
        <span className="inline-flex items-center gap-2 text-muted-foreground">
          <BookMarked aria-hidden="true" className="size-5 shrink-0" />
          {ledger.label}
        </span>
        <DownloadEvidence take={async () => (await loadTaking()).takeEvidence(visit.id, keys)} />
      </div>
    </Card>
  );
}
