"use client";

import { LogOut } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { CallPractice } from "@/components/auth/call-practice.tsx";
import { useConnected } from "@/components/call/views.ts";
import { ChosenLines } from "@/components/consent/choices.tsx";
import { shortName } from "@/components/consent/names.ts";
import { consentAsSeen } from "@/components/ledger/as-seen.ts";
import { PromiseAlerts } from "@/components/ledger/promise-alerts.tsx";
import type { Promises } from "@/components/ledger/use-promises.ts";
import { Alert } from "@/components/ui/alert.tsx";
import { Avatar } from "@/components/ui/avatar.tsx";
import { Button } from "@/components/ui/button.tsx";
import { fetched } from "@/components/ui/fetched.tsx";
import { PatientFrame } from "@/components/ui/patient-frame.tsx";
import { QuestionCard } from "@/components/ui/question-card.tsx";
import { RecordState } from "@/components/ui/record-state.tsx";
import { clock } from "@/components/ui/times.ts";
import type { Line } from "@/lib/call/line.browser.ts";
import type { Media } from "@/lib/call/media.browser.ts";
import { type ConsentView, choicesOf } from "@/lib/consent/grant.ts";
import type { Keys } from "@/lib/keyring/keyring.ts";
import { Refusal } from "@/lib/refusal.ts";
import { wordsFor } from "@/lib/strings/en.ts";
import { endVisit, type JoinView } from "@/lib/visits/api.ts";
import { ask } from "@/lib/wire.ts";
import { ForTheDoctor } from "./for-the-doctor.tsx";
import { Mirror } from "./mirror.tsx";
import { SelfView } from "./self-view.tsx";
import { TellMe } from "./tell-me.tsx";

const RevokeQuestion = fetched(() => import("@/components/consent/revoke.tsx").then((file) => file.RevokeQuestion));
/** Who waits longer than this has the way back at hand, also when the line breaks; before it, the picture comes first. */
const AT_HAND_MS = 3_000;

interface WaitingRoomProps {
  promises: Promises;
  join: JoinView;
  consent: ConsentView;
  keys: Keys;
  media: Media | undefined;
  line: Line | undefined;
  onChanged: () => void;
}

/** Who knows, how many are before you, what you signed, and both ways out. Hears by itself when the doctor opens. */
export function WaitingRoom({ promises, join, consent, keys, media, line, onChanged }: WaitingRoomProps) {
  const doctor = shortName(join.clinician.name);
  const [question, setQuestion] = useState<"revoke" | "leave" | undefined>();
  const connected = useConnected(line);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  useEffect(() => {
    const timer = setTimeout(() => void RevokeQuestion.fetch().catch(() => {}), AT_HAND_MS);
    return () => clearTimeout(timer);
  }, []);

  return (
    <PatientFrame title={join.clinic} width="wide">
      <div className="text-center">
        <div className="relative mx-auto grid size-28 place-items-center">
          <span className="breathe absolute inset-0 rounded-full bg-accent" />
          <Avatar
            name={join.clinician.name}
            className="relative size-20 bg-primary text-lead text-primary-foreground"
          />
        </div>
        <h1 ref={heading} tabIndex={-1} className="mt-4 text-calm-title font-bold outline-none">
          You're in the waiting room
        </h1>
        <p className="mx-auto mt-2 max-w-[28rem] text-muted-foreground" role="status">
          {doctor} knows you are here and will let you in. You’ll hear a sound. {place(join.ahead, join.wait)}
        </p>
      </div>
      {connected ? null : (
        <Alert calm tone="info" className="mt-6" title="Your line dropped for a moment">
          Stay here, we keep trying by ourselves. You keep your place.
        </Alert>
      )}
      <PromiseAlerts promises={promises} reader="patient" className="mt-6" />
      <div className="mt-7 grid grid-cols-[minmax(0,1fr)] gap-4 sm:grid-cols-2 sm:items-stretch">
        {media ? <Mirror media={media} /> : <SelfView stream={null} className="sm:h-full sm:w-full" />}
        <section className="rounded-xl border bg-card p-4 text-calm-small" aria-labelledby="authorized">
          <h2 id="authorized" className="text-calm font-semibold">
            You authorized
          </h2>
          <ChosenLines choices={choicesOf(consent.consent.scopes)} />
          <p className="mt-3 flex flex-wrap items-center justify-between gap-x-3 border-t pt-3">
            <span>Signed {clock(new Date(consent.grantedAt))}</span>
            <RecordState state={consentAsSeen(consent, promises.alarms).ledger} className="text-calm-small" />
          </p>
          <button
            type="button"
            aria-expanded={question === "revoke"}
            onClick={() => setQuestion("revoke")}
            className="-mb-2 mt-1 inline-flex min-h-control-calm cursor-pointer items-center rounded-md font-semibold text-primary underline decoration-1 underline-offset-4 hover:decoration-2"
          >
            Revoke
          </button>
        </section>
      </div>
      {question === "revoke" && (
        <div className="mt-4">
          <RevokeQuestion
            visit={join}
            consent={consent}
            keys={keys}
            during="waiting"
            onRevoked={onChanged}
            onKeep={() => setQuestion(undefined)}
          />
        </div>
      )}
      <ForTheDoctor join={join} keys={keys} doctor={doctor} />
      <TellMe join={join} onChanged={onChanged} />
      <div className="mt-6 flex flex-wrap items-center gap-3 border-t pt-4 text-calm-small">
        <CallPractice phone={join.phone} says="Trouble? Call the practice:" />
        <Button
          variant="ghost"
          size="calm"
          className="ml-auto gap-2 px-4 text-calm-small"
          aria-expanded={question === "leave"}
          onClick={() => setQuestion("leave")}
        >
          <LogOut aria-hidden="true" />
          Leave
        </Button>
      </div>
      {question === "leave" && (
        <LeaveQuestion visitId={join.id} doctor={doctor} onLeft={onChanged} onStay={() => setQuestion(undefined)} />
      )}
    </PatientFrame>
  );
}

/** Their place, and how long that may be where the doctor tells. */
function place(ahead: number, wait: number | null): string {
  const about = wait ? ` It may be about ${wait} minutes.` : "";
  if (ahead === 0) return `You are next.${about}`;
  return `${ahead === 1 ? "One person is" : `${ahead} people are`} before you.${about}`;
}

function LeaveQuestion(props: { visitId: string; doctor: string; onLeft: () => void; onStay: () => void }) {
  const leave = async () => {
    try {
      await ask(endVisit, { visitId: props.visitId });
    } catch (why) {
      if (!(why instanceof Refusal && why.code === "visit.over")) throw why;
    }
    props.onLeft();
  };
  return (
    <QuestionCard
      calm
      title="Leave the waiting room?"
      yes="Leave now"
      no="Stay"
      failed="You are still in the waiting room"
      why={wordsFor}
      onYes={leave}
      onNo={props.onStay}
      className="mt-4"
    >
      <p>{props.doctor} won’t see you, and this link ends. To come back you need a new one from the practice.</p>
    </QuestionCard>
  );
}
