"use client";

import { BookMarked, FolderOpen } from "lucide-react";
import { useEffect, useRef } from "react";
import { CallPractice } from "@/components/auth/call-practice.tsx";
import { ChosenLines } from "@/components/consent/choices.tsx";
import { shortName } from "@/components/consent/names.ts";
import { RevokeQuestion } from "@/components/consent/revoke.tsx";
import { RevokeButton } from "@/components/consent/revoke-button.tsx";
import { KitCard } from "@/components/keyring/kit-card.tsx";
import { useLocked } from "@/components/keyring/use-stay-open.ts";
import { consentAsSeen, recordsAsSeen } from "@/components/ledger/as-seen.ts";
import { PromiseAlerts } from "@/components/ledger/promise-alerts.tsx";
import type { Promises } from "@/components/ledger/use-promises.ts";
import { Alert } from "@/components/ui/alert.tsx";
import { Button, buttonClass } from "@/components/ui/button.tsx";
import { Card } from "@/components/ui/card.tsx";
import { PatientFrame } from "@/components/ui/patient-frame.tsx";
import { Loading } from "@/components/ui/skeleton.tsx";
import { clock, day, longWhen } from "@/components/ui/times.ts";
import { GuestsCard } from "@/components/visits/guests/guests-card.tsx";
import type { Line } from "@/lib/call/line.browser.ts";
import { type ConsentView, choicesOf } from "@/lib/consent/grant.ts";
import type { Keys } from "@/lib/keyring/keyring.ts";
import { wordsFor } from "@/lib/strings/apart.ts";
import type { JoinView } from "@/lib/visits/api.ts";
import { DownloadEvidence, loadTaking } from "./download-evidence.tsx";
import { syncFolder } from "./mine/own-folder.ts";
import { RatingQuestion } from "./rating-question.tsx";
import { RecordRows } from "./record-rows.tsx";
import { useRecords } from "./use-records.ts";

interface PatientSummaryProps {
  promises: Promises;
  join: JoinView;
  keys: Keys;
  line: Line | undefined;
  /** Something was changed here: read the visit again. */
  onChanged: () => void;
  /** Nobody used the keys for a while, and they were put away. */
  onLocked: () => void;
}

/** What is left of a visit: each record with its state, the content opened again, the permission with its Revoke. */
export function PatientSummary(props: PatientSummaryProps) {
  const { join, keys } = props;
  const { title, text } = headOf(join);
  useLocked(props.onLocked);
  const heading = useRef<HTMLHeadingElement>(null);
  // The room is gone, and with it the control that ended it.
  useEffect(() => heading.current?.focus(), []);
  return (
    <PatientFrame title={join.clinic} width="page">
      <h1 ref={heading} tabIndex={-1} className="text-calm-title font-bold outline-none lg:text-[2.25rem]">
        {title}
      </h1>
      <p className="mt-2 text-muted-foreground">{text}</p>
      {join.end === "declined" || join.end === "not-private" ? (
        <CallPractice phone={join.phone} className="mt-3" />
      ) : null}
      <PromiseAlerts promises={props.promises} reader="patient" className="mt-6" />
      {join.consent && (
        <div className="mt-6 grid grid-cols-[minmax(0,1fr)] gap-6 lg:grid-cols-[1.35fr_1fr] lg:items-start">
          <Recorded {...props} consent={join.consent} />
          <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
            <KitCard />
            <MyRecords />
            {join.startedAt ? <RatingQuestion visitId={join.id} calm /> : null}
            <Permission {...props} consent={join.consent} keys={keys} />
            <GuestsCard guests={join.guests} keys={keys} line={props.line} calm />
          </div>
        </div>
      )}
    </PatientFrame>
  );
}

function Recorded({ join, keys, line, consent, promises }: PatientSummaryProps & { consent: ConsentView }) {
  const { records, asks, fault, reload } = useRecords(join.id, line, { ledger: join.ledger, consent });
  const { key } = join.clinician;
  const opening = {
    visitId: join.id,
    keys,
    consent: consentAsSeen(consent, promises.alarms),
    recipients: [keys.recipient, key.recipient],
  };
  const reader = { calm: true, patient: "you", clinician: shortName(join.clinician.name) };
  return (
    <Card calm aria-labelledby="recorded">
      <h2 id="recorded" className="text-lead font-semibold">
        What was recorded
      </h2>
      {records ? (
        <RecordRows records={recordsAsSeen(records, promises.alarms)} asks={asks} opening={opening} reader={reader} />
      ) : fault ? null : (
        <Loading label="Reading what was recorded" slow="Your line is slow. We are still reading." className="mt-4" />
      )}
      {fault ? (
        <Alert calm tone="warning" className="mt-4" title="We couldn’t read it just now">
          <p>{wordsFor(fault)} Nothing of it is lost.</p>
          <Button variant="outline" size="calm" className="mt-3" onClick={reload}>
            Try again
          </Button>
        </Alert>
      ) : null}
      <div className="mt-1 flex flex-wrap items-center justify-between gap-x-4 gap-y-2 border-t pt-4 text-calm-small">
        <span className="inline-flex items-center gap-2 text-muted-foreground">
          <BookMarked aria-hidden="true" className="size-5 shrink-0" />
          {join.ledger.label}
        </span>
        <DownloadEvidence calm take={async () => (await loadTaking()).takeEvidence(join.id, keys)} />
      </div>
    </Card>
  );
}

/** Where all of a patient's visits are. By now the line has time to put this one on their list. */
function MyRecords() {
  useEffect(() => void syncFolder().catch(() => {}), []);
  return (
    <Card calm aria-labelledby="my-records">
      <h2 id="my-records" className="text-calm font-semibold">
        All your visits
      </h2>
      <p className="text-calm-small text-muted-foreground">What was recorded, who looked, and your permissions.</p>
      <a href="/records" className={buttonClass({ variant: "outline", size: "calm", className: "mt-4 w-full" })}>
        <FolderOpen aria-hidden="true" />
        My records
      </a>
    </Card>
  );
}

function Permission({ join, keys, consent, onChanged }: PatientSummaryProps & { consent: ConsentView }) {
  const ended = consent.consent.validUntil * 1000 < Date.now();
  return (
    <Card calm aria-labelledby="permission">
      <h2 id="permission" className="text-calm font-semibold">
        Your permission for {shortName(join.clinician.name)}
      </h2>
      <div className="text-calm-small">
        <ChosenLines choices={choicesOf(consent.consent.scopes)} />
        <p className="mt-3 border-t pt-3 text-muted-foreground">
          {consent.revokedAt
            ? `You took it back ${day(new Date(consent.revokedAt))} at ${clock(new Date(consent.revokedAt))}.`
            : ended
              ? "It has run out by itself."
              : "The visit is over, so nothing more is recorded, unless a prescription has to be cancelled. You can also take it back for good."}
        </p>
      </div>
      {consent.revokedAt || ended ? null : (
        <RevokeButton what="permission">
          {(close) => (
            <RevokeQuestion
              visit={join}
              consent={consent}
              keys={keys}
              during="after"
              onRevoked={() => {
                close();
                onChanged();
              }}
              onKeep={close}
            />
          )}
        </RevokeButton>
      )}
    </Card>
  );
}

function headOf(join: JoinView): { title: string; text: string } {
  const doctor = shortName(join.clinician.name);
  if (join.erasedAt) {
    return {
      title: "This visit was erased",
      text: `At your wish, on ${longWhen(new Date(join.erasedAt))}. The certificate is under My records.`,
    };
  }
  const kept = join.consent ? " You can close this page; everything below is kept." : "";
  const times =
    join.startedAt && join.endedAt
      ? `${day(new Date(join.startedAt))} from ${clock(new Date(join.startedAt))} to ${clock(new Date(join.endedAt))}`
      : join.endedAt
        ? `${day(new Date(join.endedAt))}, ${clock(new Date(join.endedAt))}`
        : "";
  switch (join.end) {
    case "declined":
      return {
        title: `${doctor} can’t see you now`,
        text: "You were not let in this time; it says nothing about you. Nobody saw or heard you. Please call the practice for another time.",
      };
    case "revoked":
      return {
        title: "You took back your permission",
        text: `The video has ended for you and for ${doctor}. Nothing more can be recorded. What was recorded before stays.`,
      };
    case "not-private":
      return {
        title: "This call was not private",
        text: `Sound and picture were stopped for you and for ${doctor}. Ring the practice and ask for a new link.${kept}`,
      };
    case "left":
      return { title: "You left the visit", text: `With ${join.clinician.name}, ${times}.${kept}` };
    default:
      return { title: "Your visit has ended", text: `With ${join.clinician.name}, ${times}.${kept}` };
  }
}
