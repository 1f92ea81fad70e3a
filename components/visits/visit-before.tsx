"use client";

import { CalendarPlus, Mail } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import { useOwnClinic } from "@/components/auth/own-clinic.ts";
import { useKeys, useMe } from "@/components/auth/staff";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Card, CardTitle } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Qr } from "@/components/ui/qr";
import { saveFile } from "@/components/ui/save-file.ts";
import { Loading } from "@/components/ui/skeleton";
import { dayAndClock } from "@/components/ui/times.ts";
import type { Media } from "@/lib/call/media.browser.ts";
import type { VisitView } from "@/lib/visits/api.ts";
import { linkOf } from "@/lib/visits/link.ts";
import { BackToVisits } from "./back-to-visits.tsx";
import { WaitingBell } from "./bell.tsx";
import { icsOf } from "./calendar.ts";
import { HeldElsewhere, useHeldHere } from "./held-elsewhere.tsx";
import { calledOf, nameOf, type Opened, useOpened } from "./opened.ts";
import { ReadyNote } from "./ready-note.tsx";
import { timeOf } from "./time-of.ts";
import { VisitBadge } from "./visit-badge.tsx";
import { Waiting } from "./waiting.tsx";

/** Planned or waiting: the link to send, who waits, and what happens next. */
export function VisitBefore({ visit, media, old }: { visit: VisitView; media: Media | undefined; old: boolean }) {
  const keys = useKeys();
  const opened = useOpened(visit, keys);
  const heldHere = useHeldHere(visit);
  const waiting = visit.state === "waiting";
  const openedOf = useMemo(() => new Map(opened ? [[visit.id, opened]] : []), [opened, visit.id]);
  const waitingIds = useMemo(() => (waiting ? [visit.id] : []), [waiting, visit.id]);
  useEffect(() => {
    if (opened && !waiting) document.title = `Visit with ${nameOf(opened)} · Assent`;
  }, [opened, waiting]);

  return (
    <>
      <BackToVisits />
      <div className="mt-1 flex flex-wrap items-center justify-between gap-3">
        <div className="min-w-0">
          <h1 className="text-title font-bold break-words">{opened?.name ? `Visit with ${opened.name}` : "Visit"}</h1>
          <p className="text-muted-foreground">{about(visit, opened)}</p>
        </div>
        <VisitBadge visit={visit} />
      </div>
      {heldHere ? null : <HeldElsewhere visit={visit} className="mt-5" />}
      {waiting ? <Waiting visits={[visit]} opened={openedOf} className="mt-5" /> : null}
      {waiting && media ? <ReadyNote media={media} /> : null}
      {old ? (
        <Alert tone="info" title="The live line to the server is down" className="mt-5">
          We keep trying by ourselves. Until then a waiting patient doesn’t show here.
        </Alert>
      ) : null}
      <div className="mt-5 grid grid-cols-[minmax(0,1fr)] gap-5 xl:grid-cols-[minmax(0,1.5fr)_minmax(0,1fr)]">
        {opened ? <Invitation visit={visit} opened={opened} /> : <Loading label="Opening your notes" />}
        <Next called={calledOf(opened)} />
      </div>
      <WaitingBell waiting={waitingIds} />
    </>
  );
}

function about(visit: VisitView, opened: Opened | undefined): string {
  const at = timeOf(visit);
  const when = visit.plannedFor ? dayAndClock(at, new Date()) : `Created ${dayAndClock(at, new Date()).toLowerCase()}`;
  return [when, opened?.reason, opened?.language].filter(Boolean).join(" · ");
}

function Invitation({ visit, opened }: { visit: VisitView; opened: Opened }) {
  const [origin, setOrigin] = useState<string | null>(null);
  useEffect(() => setOrigin(window.location.origin), []);
  if (!opened.secret) {
    return (
      <Alert tone="warning" title="The link can’t be shown here">
        Your notes of this visit were sealed to another key of yours. Open them on the device you created the visit on,
        or create a new visit.
      </Alert>
    );
  }
  if (!origin) return <Loading label="Opening the link" />;
  return <LinkCard visit={visit} link={linkOf(origin, visit.id, opened.secret)} />;
}

function LinkCard({ visit, link }: { visit: VisitView; link: string }) {
  const me = useMe();
  const clinic = useOwnClinic();
  const title = `Video visit with ${me.name}${clinic.data?.name ? `, ${clinic.data.name}` : ""}`;
  const test = `${new URL(link).origin}/test`;
  const says = `Open this link at the time of the visit. You need no account and no app, only this link. To see the day before whether your device is ready: ${test}`;
  const mail = `mailto:?subject=${encodeURIComponent(title)}&body=${encodeURIComponent(`${says}\n\n${link}\n`)}`;
  const taken = visit.patient !== null;
  return (
    <Card aria-labelledby="invite">
      <CardTitle id="invite">Invite the patient</CardTitle>
      <div className="mt-4 grid grid-cols-[minmax(0,1fr)] gap-6 sm:grid-cols-[minmax(0,1fr)_auto]">
        <div className="grid content-start gap-4">
          <Field
            label="Join link"
            hint={
              taken
                ? "Someone has taken this link with their device; on another one it no longer works."
                : isOnlyHere(link)
                  ? "This address opens on this computer only. For phones and patients elsewhere, the practice sets HOST and PUBLIC_URL."
                  : "Send it over a channel you trust. The part after # never reaches our server."
            }
          >
            <Input
              readOnly
              value={link}
              className="font-mono text-table"
              onFocus={(event) => event.currentTarget.select()}
            />
          </Field>
          <div className="flex flex-wrap gap-2">
            <CopyButton
              text={link}
              label="Copy link"
              done="Link copied"
              variant={taken ? "outline" : "default"}
              className="min-h-11"
            />
            <Button variant="outline" className="min-h-11" onClick={() => saveCalendar(visit, title, says, link)}>
              <CalendarPlus aria-hidden="true" />
              Add to calendar
            </Button>
            <Button asChild variant="outline" className="min-h-11">
              <a href={mail}>
                <Mail aria-hidden="true" />
                Send by email
              </a>
            </Button>
          </div>
        </div>
        <figure className="justify-self-center text-center">
          <Qr text={link} label="QR code of the join link" />
          <figcaption className="mt-1.5 text-small text-muted-foreground">Scan with a phone</figcaption>
        </figure>
      </div>
    </Card>
  );
}

/** No patient's name and no reason: a calendar is read by more than its owner. */
function saveCalendar(visit: VisitView, title: string, text: string, url: string): void {
  const ics = icsOf({
    uid: `${visit.id}@${window.location.hostname}`,
    start: timeOf(visit),
    minutes: 30,
    made: new Date(),
    title,
    text,
    url,
  });
  saveFile(new Blob([ics], { type: "text/calendar;charset=utf-8" }), "visit.ics");
}

function Next({ called }: { called: string }) {
  const who = called === "the patient" ? "The patient" : called;
  const steps = [
    { what: `${who} opens the link`, how: "They check camera and microphone, and decide what you may do." },
    { what: "You admit them", how: "Nobody enters, and nothing is connected, before you do." },
    {
      what: "You both get the record",
      how: "What was allowed, done and refused. An admin can check every line against the ledger, in their own browser.",
    },
  ];
  return (
    <Card aria-labelledby="next" className="shadow-none">
      <CardTitle id="next">What happens next</CardTitle>
      <ol className="mt-3 grid gap-3">
        {steps.map(({ what, how }, n) => (
          <li key={what} className="flex gap-3">
            <span className="grid size-7 shrink-0 place-items-center rounded-full bg-secondary text-table font-semibold text-secondary-foreground">
              {n + 1}
            </span>
            <div>
              <p className="font-semibold">{what}</p>
              <p className="text-table text-muted-foreground">{how}</p>
            </div>
          </li>
        ))}
      </ol>
    </Card>
  );
}

/** A server that only this computer can reach: good for trying, not for sending. */
function isOnlyHere(link: string): boolean {
  const { hostname } = new URL(link);
  return hostname === "localhost" || hostname.startsWith("127.") || hostname === "[::1]";
}
