"use client";

import { ArrowRight, CalendarDays, ListChecks, ShieldCheck, Siren } from "lucide-react";
import { type FormEvent, useEffect, useState } from "react";
import { shortName } from "@/components/consent/names.ts";
import { Alert } from "@/components/ui/alert.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Field } from "@/components/ui/field.tsx";
import { Input } from "@/components/ui/input.tsx";
import { PatientFrame } from "@/components/ui/patient-frame.tsx";
import { Loading, Skeleton } from "@/components/ui/skeleton.tsx";
import { capital } from "@/components/ui/text.ts";
import { clock, day } from "@/components/ui/times.ts";
import type { Media } from "@/lib/call/media.browser.ts";
import { wordsFor } from "@/lib/strings/en.ts";
import { linkOf } from "@/lib/visits/link.ts";
import { DeviceCheck } from "./device-check.tsx";
import { keepName, nameOf } from "./kept-here.ts";
import { useEnter } from "./use-enter.ts";
import type { LinkAbout } from "./use-join.ts";

/** Who waits for you, who you are, and whether they will see and hear you: one screen, one way on. */
export function Welcome({
  visitId,
  about,
  secret,
  media,
  onEnter,
}: {
  visitId: string;
  about: LinkAbout;
  secret: string;
  media: Media | undefined;
  onEnter: (name: string) => Promise<void>;
}) {
  const [name, setName] = useState(() => nameOf(visitId));
  const { busy, fault, enter } = useEnter(media, () => onEnter(name.trim()));
  const at = about.plannedFor;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    void enter();
  };

  return (
    <PatientFrame title={about.clinic} width="page">
      <div className="grid grid-cols-[minmax(0,1fr)] gap-x-12 gap-y-5 lg:grid-cols-[1.1fr_1fr] lg:grid-rows-[auto_1fr]">
        <div>
          {at && (
            <p className="flex items-center gap-2 text-calm-small text-muted-foreground">
              <CalendarDays aria-hidden="true" className="size-5 shrink-0" />
              <time dateTime={at}>
                {capital(day(new Date(at)))}, {clock(new Date(at))}
              </time>
            </p>
          )}
          <h1 className="mt-1.5 text-calm-title font-bold lg:text-[2.25rem]">
            Video visit with <span className="inline-block">{about.clinician},</span>{" "}
            <span className="inline-block">{about.clinic}</span>
          </h1>
        </div>
        <div className="lg:col-start-2 lg:row-span-2 lg:row-start-1">
          {media ? (
            <>
              <DeviceCheck
                media={media}
                doctor={shortName(about.clinician)}
                phoneLink={linkOf(location.origin, visitId, secret)}
              />
              <a
                href={`/test?visit=${visitId}`}
                className="mt-2 inline-flex min-h-control-calm items-center gap-2 text-calm-small text-primary underline underline-offset-4"
              >
                <ListChecks aria-hidden="true" className="size-6 shrink-0" />
                Test your device
              </a>
            </>
          ) : (
            <Skeleton className="aspect-[4/3] rounded-xl" />
          )}
        </div>
        <form className="grid content-start gap-5" onSubmit={submit}>
          <Field calm optional label="Your name" hint="So the doctor knows who is waiting.">
            <Input
              name="name"
              autoComplete="name"
              maxLength={120}
              value={name}
              onChange={(event) => {
                setName(event.target.value);
                keepName(visitId, event.target.value);
              }}
            />
          </Field>
          {fault ? (
            <Alert calm tone="danger" role="alert" title="That didn’t go through">
              {wordsFor(fault)}
            </Alert>
          ) : null}
          <Button type="submit" size="calm" className="w-full" busy={busy}>
            Continue
            {busy ? null : <ArrowRight aria-hidden="true" />}
          </Button>
          <p className="flex gap-3 text-calm-small text-muted-foreground">
            <ShieldCheck aria-hidden="true" className="size-6 shrink-0" />
            <span>
              Next you decide what may happen in this visit. Nothing is recorded and nobody sees you until then.
            </span>
          </p>
        </form>
      </div>
      <Emergencies />
    </PatientFrame>
  );
}

export function Emergencies() {
  return (
    <p className="mt-8 flex gap-3 border-t pt-4 text-calm-small text-muted-foreground">
      <Siren aria-hidden="true" className="size-6 shrink-0 text-destructive" />
      <span>Not for emergencies. If it can’t wait, call 112.</span>
    </p>
  );
}

/** The same screen, still coming. */
export function WelcomeComing() {
  return (
    <PatientFrame title="Assent" width="page">
      <Loading label="Opening your visit" slow="Your line is slow. We are still asking the practice for your visit.">
        <div className="grid grid-cols-[minmax(0,1fr)] gap-x-12 gap-y-5 lg:grid-cols-[1.1fr_1fr]">
          <div className="grid content-start gap-4">
            <Skeleton className="h-9 w-full max-w-96" />
            <Skeleton className="h-9 w-2/3 max-w-72" />
            <Skeleton className="mt-4 h-14 w-full rounded-lg" />
            <Skeleton className="h-14 w-full rounded-lg" />
          </div>
          <Skeleton className="aspect-[4/3] w-full rounded-xl max-lg:row-start-1" />
        </div>
      </Loading>
      <NothingHappens />
    </PatientFrame>
  );
}

/** Only a page whose code doesn't run shows this, after a while and by style alone: it is taken away as soon as any does. */
function NothingHappens() {
  const [runs, isRunning] = useState(false);
  useEffect(() => isRunning(true), []);
  if (runs) return null;
  return (
    <p className="appear-at-last mt-8 rounded-lg bg-warning-soft p-4">
      <strong className="font-semibold">Nothing happens here?</strong> This browser may be too old for video visits, or
      it runs no scripts. Open the link from the message again in a current Chrome, Safari, Edge or Firefox. A phone is
      enough.
    </p>
  );
}
