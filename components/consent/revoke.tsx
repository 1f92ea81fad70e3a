"use client";

import { TriangleAlert } from "lucide-react";
import { QuestionCard } from "@/components/ui/question-card.tsx";
import { revoke } from "@/lib/consent/api.ts";
import type { ConsentView } from "@/lib/consent/grant.ts";
import type { Keys } from "@/lib/keyring/keyring.ts";
import { wordsFor } from "@/lib/strings/en.ts";
import type { JoinView } from "@/lib/visits/api.ts";
import { ask } from "@/lib/wire.ts";
import { shortName } from "./names.ts";
import { takeBack } from "./revocation.ts";

interface RevokeProps {
  visit: Pick<JoinView, "id" | "ledger" | "clinician">;
  consent: ConsentView;
  keys: Keys;
  /** What the person is in now: it says what stops. */
  during: "waiting" | "call" | "after";
  /** Signed here, and not told to anybody yet. */
  onRevoking?: () => void;
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
  const { visit, consent, keys } = props;
  const doctor = shortName(visit.clinician.name);
  return (
    <QuestionCard
      calm
      level={3}
      title={
        <>
          <TriangleAlert aria-hidden="true" className="size-7 shrink-0 text-destructive" />
          <span>Revoke {doctor}’s permission?</span>
        </>
      }
      yes="Revoke"
      no="Keep it"
      failed="Not revoked yet"
      why={wordsFor}
      onYes={async () => {
        props.onRevoking?.();
        await takeBack({ visitId: visit.id, consent, keys, ledger: visit.ledger }, (signature) =>
          ask(revoke, { visitId: visit.id, signature }),
        );
        props.onRevoked();
      }}
      onNo={props.onKeep}
    >
      <p>
        <strong className="font-semibold">Stops at once:</strong> {stops[props.during](doctor)}
      </p>
      <p>
        <strong className="font-semibold">Stays:</strong> what was recorded by now, and copies {doctor} has saved.
      </p>
    </QuestionCard>
  );
}
