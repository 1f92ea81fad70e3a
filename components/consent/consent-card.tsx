"use client";

import { Check, Clock, FileText, Pill, ScanEye, ScrollText, Video } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import { Alert } from "@/components/ui/alert.tsx";
import { Button } from "@/components/ui/button.tsx";
import { ChoiceGroup } from "@/components/ui/choice-group.tsx";
import { PatientFrame, StickyFoot } from "@/components/ui/patient-frame.tsx";
import { capital } from "@/components/ui/text.ts";
import { fromSeconds, until } from "@/components/ui/times.ts";
import type { Choice, Choices, ConsentView } from "@/lib/consent/grant.ts";
import { termsText, windowFrom } from "@/lib/consent/terms.ts";
import type { Keys } from "@/lib/keyring/keyring.ts";
import { Refusal } from "@/lib/refusal.ts";
import { wordsFor } from "@/lib/strings/en.ts";
import type { JoinView } from "@/lib/visits/api.ts";
import { choiceWords } from "./choices.tsx";
import { shortName } from "./names.ts";
import { giveConsent, type SignedConsent, signConsent } from "./sign-consent.ts";

interface ConsentCardProps {
  join: JoinView;
  keys: Keys;
  /** As the patient calls themselves; empty when they told no name. */
  name: string;
  onGiven: (consent: ConsentView) => void;
  onNotNow: () => void;
  /** The server says that things have moved on: read the visit again. */
  onMoved: () => void;
}

const three: readonly Choice[] = ["allow", "ask", "deny"];
const options = three.map((value) => ({ value, label: choiceWords[value] }));
const onlyAllow = [{ value: "allow", label: choiceWords.allow }] as const;

/** What may happen in this visit, decided by the one it concerns. Nothing is sent before the tap. */
export function ConsentCard({ join, keys, name, onGiven, onNotNow, onMoved }: ConsentCardProps) {
  const [choices, setChoices] = useState<Choices>({ video: "allow", prescriptions: "ask", files: "ask" });
  const [validUntil] = useState(() => windowFrom(new Date()).validUntil);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>();
  /** Signed once: when an answer was lost, exactly the same act is sent again. */
  const signed = useRef<{ of: Choices; act: SignedConsent } | undefined>(undefined);
  const doctor = shortName(join.clinician.name);

  const authorize = async () => {
    setBusy(true);
    setFault(undefined);
    try {
      if (signed.current?.of !== choices) {
        signed.current = { of: choices, act: await signConsent({ join, keys, choices, validUntil }) };
      }
      onGiven(await giveConsent(join, signed.current.act));
    } catch (why) {
      setBusy(false);
      if (why instanceof Refusal && moved.has(why.code)) return onMoved();
      setFault(why);
    }
  };

  return (
    <PatientFrame
      title={join.clinic}
      foot={
        <StickyFoot label="Your signature">
          <p className="flex flex-wrap items-end gap-2.5 text-calm-small">
            <span className="text-muted-foreground">{name ? "Signing as" : "Signing"}</span>
            <span className="signature min-w-0 grow pb-0.5 font-semibold break-words">{name || "without a name"}</span>
          </p>
          {fault ? (
            <Alert calm tone="danger" role="alert" className="mt-3" title="Not authorized yet">
              {wordsFor(fault)}
            </Alert>
          ) : null}
          <div className="mt-3 flex flex-wrap gap-2">
            <Button size="calm" className="grow px-3" busy={busy} onClick={authorize}>
              {busy ? null : <Check aria-hidden="true" />}
              Authorize and join
            </Button>
            <Button variant="ghost" size="calm" className="grow px-3 sm:grow-0" disabled={busy} onClick={onNotNow}>
              Not now
            </Button>
          </div>
        </StickyFoot>
      }
    >
      <h1 className="text-calm-title font-bold">What do you allow?</h1>
      <p className="mt-1 text-muted-foreground">
        For {planned(join)} visit with {join.clinician.name}, {join.clinic}.
      </p>
      <div className="mt-5 rounded-2xl border bg-card p-[min(1rem,4vw)] shadow-card sm:p-6">
        <ChoiceGroup
          name="video"
          title="Video session"
          description={`You and ${doctor} see and hear each other.`}
          icon={<Video aria-hidden="true" />}
          options={onlyAllow}
          value={choices.video}
          onChange={() => {}}
        />
        <ChoiceGroup
          name="prescriptions"
          title="Prescriptions"
          description={`${doctor} may write you a prescription.`}
          icon={<Pill aria-hidden="true" />}
          options={options}
          value={choices.prescriptions}
          onChange={(prescriptions) => setChoices({ ...choices, prescriptions })}
          disabled={busy}
        />
        <ChoiceGroup
          name="files"
          title="Files"
          description="Files and photos, both ways."
          icon={<FileText aria-hidden="true" />}
          options={options}
          value={choices.files}
          onChange={(files) => setChoices({ ...choices, files })}
          disabled={busy}
        />
      </div>
      <dl className="mt-6 grid gap-4 text-calm-small sm:px-2">
        <Fact icon={<ScrollText aria-hidden="true" />} name="What is recorded">
          That the visit took place, when it began and ended, each prescription and each file.{" "}
          <strong className="font-semibold text-foreground">Never sound or picture.</strong>
        </Fact>
        <Fact icon={<Clock aria-hidden="true" />} name="For how long">
          {capital(until(fromSeconds(validUntil)))}. You can take it back at any time; what was recorded by then stays.
        </Fact>
        <Fact icon={<ScanEye aria-hidden="true" />} name="Who can see it">
          You and {doctor}. The clinic sees that something was recorded, not what it says. Each look is noted.
        </Fact>
      </dl>
      <details className="group mt-3 text-calm-small sm:px-2">
        <summary className="inline-flex min-h-control-calm cursor-pointer items-center rounded-md text-primary underline underline-offset-4">
          Read the full text
        </summary>
        <p className="mt-1 rounded-lg border bg-card p-4 break-words whitespace-pre-line">
          {termsText({ clinic: join.clinic, clinician: join.clinician.name, choices, validUntil, version: 1 })}
        </p>
      </details>
    </PatientFrame>
  );
}

/** The visit is no longer where this card belongs: given elsewhere, or over. */
const moved = new Set(["consent.exists", "visit.over", "visit.wrong-state", "auth.needed", "visit.not-found"]);

function Fact({ icon, name, children }: { icon: ReactNode; name: string; children: ReactNode }) {
  return (
    <div className="relative pl-9">
      <dt className="font-semibold">
        <span className="absolute top-0 left-0 text-muted-foreground [&>svg]:size-6">{icon}</span>
        {name}
      </dt>
      <dd className="text-muted-foreground">{children}</dd>
    </div>
  );
}

function planned(join: JoinView): string {
  return join.plannedFor === null || isToday(join.plannedFor) ? "today’s" : "your";
}

function isToday(at: string): boolean {
  return new Date(at).toDateString() === new Date().toDateString();
}
