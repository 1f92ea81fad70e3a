"use client";

import { ArrowRight, CalendarDays, Lock } from "lucide-react";
import { type FormEvent, useRef, useState } from "react";
import { shortName } from "@/components/consent/names.ts";
import { Alert } from "@/components/ui/alert.tsx";
import { Button } from "@/components/ui/button.tsx";
import { ChoiceGroup } from "@/components/ui/choice-group.tsx";
import { Field, focusFirstWrong } from "@/components/ui/field.tsx";
import { Input } from "@/components/ui/input.tsx";
import { PatientFrame } from "@/components/ui/patient-frame.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { dayAndClock } from "@/components/ui/times.ts";
import type { Media } from "@/lib/call/media.browser.ts";
import { wordsFor } from "@/lib/strings/en.ts";
import type { GuestRole } from "@/lib/visits/guest.ts";
import { guestLinkOf } from "@/lib/visits/link.ts";
import { guestSecretOf } from "@/lib/visits/link-secret.browser.ts";
import { roles } from "../guests/words.ts";
import { DeviceCheck } from "./device-check.tsx";
import { keepName, nameOf } from "./kept-here.ts";
import { useEnter } from "./use-enter.ts";
import type { GuestAbout } from "./use-guest.ts";

/** Who invites, who you are and as what you come. Nothing is connected by asking. */
export function GuestWelcome({
  guestId,
  about,
  media,
  onEnter,
}: {
  guestId: string;
  about: GuestAbout;
  media: Media | undefined;
  onEnter: (name: string, role: GuestRole) => Promise<void>;
}) {
  const [name, setName] = useState(() => nameOf(guestId));
  const [role, setRole] = useState<GuestRole>(about.role);
  const [nameless, setNameless] = useState(false);
  const { busy, fault, enter } = useEnter(media, () => onEnter(name.trim(), role));
  const form = useRef<HTMLFormElement>(null);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === "") {
      setNameless(true);
      return focusFirstWrong(form.current);
    }
    void enter();
  };

  return (
    <PatientFrame title={about.clinic} width="page">
      <div className="grid grid-cols-[minmax(0,1fr)] gap-x-12 gap-y-5 lg:grid-cols-[1.1fr_1fr] lg:grid-rows-[auto_1fr]">
        <div>
          {about.plannedFor && (
            <p className="flex items-center gap-2 text-calm-small text-muted-foreground">
              <CalendarDays aria-hidden="true" className="size-5 shrink-0" />
              <time dateTime={about.plannedFor}>{dayAndClock(new Date(about.plannedFor), new Date())}</time>
            </p>
          )}
          <h1 className="mt-1.5 text-calm-title font-bold lg:text-[2.25rem]">
            You are invited to a visit with <span className="inline-block">{about.clinician.name},</span>{" "}
            <span className="inline-block">{about.clinic}</span>
          </h1>
          <p className="mt-2 text-muted-foreground">The patient decides if you may join.</p>
        </div>
        <div className="lg:col-start-2 lg:row-span-2 lg:row-start-1">
          {media ? (
            <DeviceCheck
              media={media}
              doctor={shortName(about.clinician.name)}
              phoneLink={guestLinkOf(location.origin, guestId, guestSecretOf(guestId) ?? "")}
            />
          ) : (
            <Skeleton className="aspect-[4/3] rounded-xl" />
          )}
        </div>
        <form ref={form} noValidate className="grid content-start gap-5" onSubmit={submit}>
          <Field
            calm
            label="Your name"
            hint="The patient sees it before deciding."
            error={nameless ? "Please give a name, so that the patient knows who asks" : null}
          >
            <Input
              name="name"
              autoComplete="name"
              maxLength={120}
              value={name}
              onChange={(event) => {
                setName(event.target.value);
                setNameless(false);
                keepName(guestId, event.target.value);
              }}
            />
          </Field>
          <ChoiceGroup name="role" title="You join as" options={roles} value={role} onChange={setRole} />
          {fault ? (
            <Alert calm tone="danger" role="alert" title="That didn’t go through">
              {wordsFor(fault)}
            </Alert>
          ) : null}
          <Button type="submit" size="calm" className="w-full" busy={busy}>
            Ask to join
            {busy ? null : <ArrowRight aria-hidden="true" />}
          </Button>
          <p className="flex gap-3 text-calm-small text-muted-foreground">
            <Lock aria-hidden="true" className="size-6 shrink-0" />
            <span>
              What you hear is confidential. That you joined, and when, is recorded; your voice and picture are not.
            </span>
          </p>
        </form>
      </div>
    </PatientFrame>
  );
}
