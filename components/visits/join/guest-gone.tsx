"use client";

import { DoorOpen } from "lucide-react";
import { useEffect, useRef } from "react";
import { shortName } from "@/components/consent/names.ts";
import { Card } from "@/components/ui/card.tsx";
import { PatientFrame } from "@/components/ui/patient-frame.tsx";
import { clock } from "@/components/ui/times.ts";
import type { GuestEnd } from "@/lib/visits/guest.ts";
import type { GuestJoin } from "@/lib/visits/guest-api.ts";

const never = "You were not connected: you saw and heard nobody, and nobody saw or heard you. Your name was not kept.";

/** The end of a guest's part, told without blame. */
export function GuestGone({ join }: { join: GuestJoin }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const doctor = shortName(join.clinician.name);
  const end = join.end ?? "visit";
  // Who was let in was there, and that stays recorded; who was not left nothing behind.
  const wasIn = join.decidedAt !== null && end !== "refused";
  const again = `${doctor} knows. If something changes, you’ll get a new link.`;
  const titles = {
    refused: "The patient would like to go on without a guest",
    declined: `${doctor} would like to go on without a guest`,
    withdrawn: "Your link was taken back",
    revoked: "The patient goes on without a guest from here",
    left: "You left the visit",
    "not-private": "Your line was not private, so you are not in the call any more",
    visit: "This visit has ended",
  } as const satisfies Record<GuestEnd, string>;
  return (
    <PatientFrame title={join.clinic}>
      <Card calm>
        <div role="status">
          <DoorOpen aria-hidden="true" className="size-9 text-primary" />
          <h1 ref={heading} tabIndex={-1} className="mt-3 text-calm-title font-bold outline-none">
            {titles[end]}
          </h1>
          <p className="mt-2">
            {wasIn
              ? "You are not connected any more: you see and hear nobody, and nobody sees or hears you. That you joined is recorded; your voice and picture are not."
              : never}
          </p>
          {wasIn && join.endedAt ? (
            <p className="mt-2 text-muted-foreground">
              Until <time dateTime={join.endedAt}>{clock(new Date(join.endedAt))}</time>. What you heard stays
              confidential.
            </p>
          ) : null}
          {end === "visit" ? null : <p className="mt-2 text-muted-foreground">{again}</p>}
          <p className="mt-2 text-muted-foreground">You can close this page.</p>
        </div>
      </Card>
    </PatientFrame>
  );
}
