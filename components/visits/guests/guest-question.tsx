"use client";

import { UserRoundPlus } from "lucide-react";
import { useState } from "react";
import { shortName } from "@/components/consent/names.ts";
import { Alert } from "@/components/ui/alert.tsx";
import { Answers, type Sending } from "@/components/ui/answers.tsx";
import { DecisionSheet } from "@/components/ui/decision-sheet.tsx";
import { Fact } from "@/components/ui/fact.tsx";
import type { Keys } from "@/lib/keyring/keyring.ts";
import { Refusal } from "@/lib/refusal.ts";
import { wordsFor } from "@/lib/strings/en.ts";
import { type GuestView, turnAwayGuest } from "@/lib/visits/guest-api.ts";
import { ask } from "@/lib/wire.ts";
import type { GuestName } from "./guest-names.ts";
import { allow, type GuestVisit } from "./sign-guest.ts";
import { aGuest } from "./words.ts";

interface GuestQuestionProps {
  visit: GuestVisit;
  guest: GuestView & { signer: string };
  called: GuestName;
  keys: Keys;
  /** Answered: ask for the visit again. */
  onAnswered: () => void;
}

/** The patient decides who else sees and hears them. Both answers weigh the same, and the visit goes on either way. */
export function GuestQuestion({ visit, guest, called, keys, onAnswered }: GuestQuestionProps) {
  const [sending, setSending] = useState<Sending>();
  const [fault, setFault] = useState<unknown>();
  const doctor = shortName(visit.clinician.name);
  const who = called.name ? `${called.name}, ${guest.role},` : aGuest[guest.role];
  const asks = guest.askedBy === "clinician" ? `${doctor} asks to let ${who} join` : `You asked to let ${who} join`;
  const facts = [
    ["Sees and hears", `you, ${doctor} and the chat`],
    ["Can’t open", "files and prescriptions"],
    ["Until", "this visit ends, or you say so"],
    ["Recorded", "that they joined, and when"],
  ] as const;

  const answer = async (yes: boolean) => {
    setSending(yes ? "yes" : "no");
    setFault(undefined);
    try {
      if (yes) await allow(visit, guest, keys);
      else await ask(turnAwayGuest, { visitId: visit.id, guestId: guest.id });
      onAnswered();
    } catch (why) {
      // Answered already: by this very press, whose answer was lost, on another page, or by the guest's going.
      const settled = why instanceof Refusal && ["guest.not-asking", "consent.exists"].includes(why.code);
      if (settled) return onAnswered();
      setFault(why);
      setSending(undefined);
    }
  };

  return (
    <DecisionSheet label="Someone would like to join">
      <p className="inline-flex items-center gap-2 rounded-full bg-attention px-3 py-1 text-calm-small font-semibold text-attention-foreground">
        <UserRoundPlus aria-hidden="true" className="size-5 shrink-0" />
        You decide
      </p>
      <h2 className="mt-3 text-lead font-bold break-words">{asks}</h2>
      {guest.askedBy === "patient" ? (
        <p className="mt-1 text-calm-small text-muted-foreground">{doctor} said yes.</p>
      ) : null}
      {called.forged ? (
        <Alert calm tone="danger" role="alert" className="mt-3" title="We couldn’t check who this is">
          The name that came was not signed by whoever asks, so we don’t show it. Please refuse, and tell {doctor}.
        </Alert>
      ) : null}
      <dl className="mt-3 text-calm-small">
        {facts.map(([what, how]) => (
          <Fact key={what} name={what}>
            {how}
          </Fact>
        ))}
      </dl>
      <div className="@container border-t pt-4">
        {fault ? (
          <Alert calm tone="danger" role="alert" className="mb-3" title="Your answer didn’t arrive">
            {wordsFor(fault)}
          </Alert>
        ) : null}
        <Answers no="Refuse" yes="Allow" equal sending={sending} onlyNo={called.forged} onAnswer={answer}>
          The visit goes on either way. They are not connected yet.
        </Answers>
      </div>
    </DecisionSheet>
  );
}
