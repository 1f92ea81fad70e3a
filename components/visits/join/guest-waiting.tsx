"use client";

import { CircleCheck, Hourglass, LogOut, Signature } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useConnected } from "@/components/call/views.ts";
import { shortName } from "@/components/consent/names.ts";
import { Alert } from "@/components/ui/alert.tsx";
import { Button } from "@/components/ui/button.tsx";
import { PatientFrame } from "@/components/ui/patient-frame.tsx";
import { QuestionCard } from "@/components/ui/question-card.tsx";
import { clock } from "@/components/ui/times.ts";
import type { Line } from "@/lib/call/line.browser.ts";
import type { Media } from "@/lib/call/media.browser.ts";
import { Refusal } from "@/lib/refusal.ts";
import { wordsFor } from "@/lib/strings/en.ts";
import { type GuestJoin, leaveAsGuest } from "@/lib/visits/guest-api.ts";
import { ask } from "@/lib/wire.ts";
import { Mirror } from "./mirror.tsx";
import { SelfView } from "./self-view.tsx";
import { whereItStands } from "./where-it-stands.ts";

/** Three steps, and which of them is next. Hears by itself when the patient has decided. */
export function GuestWaiting({
  join,
  media,
  line,
  onChanged,
}: {
  join: GuestJoin;
  media: Media | undefined;
  line: Line | undefined;
  onChanged: () => void;
}) {
  const doctor = shortName(join.clinician.name);
  const connected = useConnected(line);
  const [leaving, setLeaving] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const { title, text } = whereItStands(join, doctor);

  return (
    <PatientFrame title={join.clinic} width="wide">
      <div className="text-center">
        <div className="relative mx-auto grid size-28 place-items-center">
          <span className="breathe absolute inset-0 rounded-full bg-accent" />
          <span className="relative grid size-20 place-items-center rounded-full bg-primary text-primary-foreground">
            <Signature aria-hidden="true" className="size-9" />
          </span>
        </div>
        <h1 ref={heading} tabIndex={-1} className="mt-4 text-calm-title font-bold outline-none">
          {title}
        </h1>
        <p className="mx-auto mt-2 max-w-[28rem] text-muted-foreground" role="status">
          {text} You’ll hear a sound.
        </p>
      </div>
      {connected ? null : (
        <Alert calm tone="info" className="mt-6" title="Your line dropped for a moment">
          Stay here, we keep trying by ourselves. Your question stays.
        </Alert>
      )}
      <div className="mt-7 grid grid-cols-[minmax(0,1fr)] gap-4 sm:grid-cols-2 sm:items-stretch">
        {media ? <Mirror media={media} /> : <SelfView stream={null} className="sm:h-full sm:w-full" />}
        <section className="rounded-xl border bg-card p-4 text-calm-small" aria-labelledby="where">
          <h2 id="where" className="text-calm font-semibold">
            Where it stands
          </h2>
          <ol className="mt-3 grid gap-3">
            <Step at={join.askedAt} what="You asked">
              as {join.role}
            </Step>
            <Step at={join.acceptedAt} what={join.acceptedAt ? `${doctor} said yes` : `${doctor} decides`} />
            <Step at={join.decidedAt} what={join.decidedAt ? "The patient said yes" : "The patient decides"} />
          </ol>
          <p className="mt-4 border-t pt-3 text-muted-foreground">
            Until then nothing is connected: you see and hear nobody, and nobody sees or hears you.
          </p>
        </section>
      </div>
      <div className="mt-6 flex flex-wrap items-center justify-between gap-3 border-t pt-4 text-calm-small">
        <p className="min-w-0 text-muted-foreground">You can switch to another app; keep this page open.</p>
        <Button
          variant="ghost"
          size="calm"
          className="-ml-2 gap-2 px-4 text-calm-small sm:ml-0"
          aria-expanded={leaving}
          onClick={() => setLeaving(true)}
        >
          <LogOut aria-hidden="true" />
          Leave
        </Button>
      </div>
      {leaving && (
        <QuestionCard
          calm
          title="Stop waiting?"
          yes="Leave now"
          no="Stay"
          failed="You are still waiting"
          why={wordsFor}
          onYes={async () => {
            await leaveForGood(join.id);
            onChanged();
          }}
          onNo={() => setLeaving(false)}
          className="mt-4"
        >
          <p>This link ends, and your name is not kept. To come back you need a new one.</p>
        </QuestionCard>
      )}
    </PatientFrame>
  );
}

/** Out, and out already is out. */
async function leaveForGood(guestId: string): Promise<void> {
  try {
    await ask(leaveAsGuest, { guestId });
  } catch (why) {
    if (!(why instanceof Refusal && why.code === "visit.over")) throw why;
  }
}

function Step({ at, what, children }: { at: string | null; what: string; children?: ReactNode }) {
  return (
    <li className="flex items-start gap-3">
      {at ? (
        <CircleCheck aria-hidden="true" className="size-6 shrink-0 text-success" />
      ) : (
        <Hourglass aria-hidden="true" className="size-6 shrink-0 text-muted-foreground" />
      )}
      <span>
        <strong className="font-semibold">{what}</strong>
        {children ? <> {children}</> : null}
        {at ? (
          <>
            {children ? "," : ""} <time dateTime={at}>{clock(new Date(at))}</time>
          </>
        ) : null}
      </span>
    </li>
  );
}
