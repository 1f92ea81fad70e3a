"use client";

import { TriangleAlert } from "lucide-react";
import { useEffect, useId, useRef, useState } from "react";
import { Alert } from "@/components/ui/alert.tsx";
import { Button } from "@/components/ui/button.tsx";
import { revoke } from "@/lib/consent/api.ts";
import type { ConsentView } from "@/lib/consent/grant.ts";
import { digestOf, type LedgerDomain } from "@/lib/consent/typed-data.ts";
import type { Keys } from "@/lib/keyring/keyring.ts";
import { Refusal } from "@/lib/refusal.ts";
import { wordsFor } from "@/lib/strings/en.ts";
import { ask } from "@/lib/wire.ts";
import { shortName } from "./names.ts";

/** The patient's no, signed: effective at once at the server, then on the ledger. Asked twice it is the same act. */
export async function revokeConsent(about: {
  visitId: string;
  consent: ConsentView;
  keys: Keys;
  ledger: LedgerDomain;
}): Promise<void> {
  const signature = about.keys.sign(digestOf("Revocation", { consent: about.consent.id }, about.ledger));
  try {
    await ask(revoke, { visitId: about.visitId, signature });
  } catch (fault) {
    // Taken back already: by this very press, whose answer was lost, or on another page.
    if (!(fault instanceof Refusal && fault.code === "consent.not-live")) throw fault;
  }
}

export interface RevokeProps {
  visitId: string;
  consent: ConsentView;
  keys: Keys;
  ledger: LedgerDomain;
  clinicianName: string;
  /** What the person is in now: it says what stops. */
  during: "waiting" | "call" | "after";
  onRevoked: () => void;
  onKeep: () => void;
}

const stops = {
  waiting: (doctor: string) => `you leave the waiting room, and ${doctor} can’t call you in this visit.`,
  call: (doctor: string) => `the video ends for you and ${doctor}, and nothing more can be recorded.`,
  after: (doctor: string) => `${doctor} can’t record anything more from this visit.`,
} as const;

/** The question, in the place it concerns rather than over the page. */
export function RevokeQuestion(props: RevokeProps) {
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>();
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const doctor = shortName(props.clinicianName);
  useEffect(() => {
    const before = document.activeElement;
    box.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);

  const go = async () => {
    setBusy(true);
    setFault(undefined);
    try {
      await revokeConsent(props);
      props.onRevoked();
    } catch (why) {
      setFault(why);
      setBusy(false);
    }
  };

  return (
    <div
      ref={box}
      role="alertdialog"
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-text`}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key === "Escape" && !busy) props.onKeep();
      }}
      className="rounded-xl border-2 border-destructive bg-card p-[min(1.25rem,4vw)] text-calm text-card-foreground outline-none"
    >
      <h3 id={`${id}-title`} className="flex gap-3 text-calm font-bold">
        <TriangleAlert aria-hidden="true" className="size-7 shrink-0 text-destructive" />
        <span>Revoke {doctor}’s permission?</span>
      </h3>
      <div id={`${id}-text`} className="mt-2 grid gap-1.5">
        <p>
          <strong className="font-semibold">Stops at once:</strong> {stops[props.during](doctor)}
        </p>
        <p>
          <strong className="font-semibold">Stays:</strong> what was recorded by now, and copies {doctor} has saved.
        </p>
      </div>
      {fault ? (
        <Alert calm tone="danger" role="alert" className="mt-4" title="Not revoked yet">
          {wordsFor(fault)}
        </Alert>
      ) : null}
      <div className="@container mt-4">
        <div className="grid gap-3 @min-[18rem]:grid-cols-2">
          <Button variant="danger" size="calm" busy={busy} onClick={go}>
            Revoke
          </Button>
          <Button variant="outline" size="calm" disabled={busy} onClick={props.onKeep}>
            Keep it
          </Button>
        </div>
      </div>
    </div>
  );
}
