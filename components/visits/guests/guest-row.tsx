"use client";

import { useState } from "react";
import { Alert } from "@/components/ui/alert.tsx";
import { Button } from "@/components/ui/button.tsx";
import { QuestionCard } from "@/components/ui/question-card.tsx";
import { capital } from "@/components/ui/text.ts";
import { clock } from "@/components/ui/times.ts";
import { wordsFor } from "@/lib/strings/en.ts";
import { acceptGuest, type GuestView, turnAwayGuest } from "@/lib/visits/guest-api.ts";
import { ask } from "@/lib/wire.ts";
import { calledGuest, type GuestName } from "./guest-names.ts";
import type { PeoplePanelProps } from "./people-panel.tsx";

/** One guest: how far their coming is, and what one may do about it. */
export function GuestRow(props: PeoplePanelProps & { guest: GuestView; found: GuestName | undefined }) {
  const { visitId, guest, found, me, other, onDecide, onRevoke, onKeep, onChanged } = props;
  const [busy, setBusy] = useState<"yes" | "no">();
  const [fault, setFault] = useState<unknown>();
  const [revoking, setRevoking] = useState(false);
  const calm = me === "patient";
  const size = calm ? ({ size: "calm" } as const) : { className: "min-h-11" };
  const small = calm ? "text-calm-small text-muted-foreground" : "text-table text-muted-foreground";
  const asked = { visitId, guestId: guest.id };

  const answer = async (which: "yes" | "no") => {
    setBusy(which);
    setFault(undefined);
    try {
      await (which === "yes" ? ask(acceptGuest, asked) : ask(turnAwayGuest, asked));
    } catch (why) {
      setFault(why);
    }
    setBusy(undefined);
    onChanged();
  };
  const no = (word: string) => (
    <Button variant="outline" {...size} busy={busy === "no"} disabled={busy === "yes"} onClick={() => answer("no")}>
      {word}
    </Button>
  );

  const agrees = me === "clinician" && guest.state === "asking" && !guest.acceptedAt;
  return (
    <>
      <p className={small}>
        {capital(guest.role)} · {stands(guest, me, other.called)}
      </p>
      {found?.forged ? <p className={small}>The name that came was not signed, so it is not shown.</p> : null}
      {guest.consent ? <p className="mt-1">{props.ledgerOf(guest)}</p> : null}
      {fault ? (
        <Alert calm={calm} tone="danger" role="alert" className="mt-2" title="That didn’t go through">
          {wordsFor(fault)}
        </Alert>
      ) : null}
      <div className="mt-2 grid gap-2">
        {agrees ? (
          <div className="grid grid-cols-2 gap-2">
            {no("Say no")}
            <Button
              variant="outline"
              {...size}
              busy={busy === "yes"}
              disabled={busy === "no"}
              onClick={() => answer("yes")}
            >
              Agree
            </Button>
          </div>
        ) : guest.state === "allowed" ? (
          onRevoke && !revoking ? (
            <Button variant="danger" {...size} onClick={() => setRevoking(true)}>
              Revoke
            </Button>
          ) : null
        ) : onDecide && guest.state === "asking" && guest.acceptedAt ? (
          <Button {...size} onClick={onDecide}>
            Decide
          </Button>
        ) : (
          no(guest.askedBy === me ? "Take the link back" : "Say no")
        )}
      </div>
      {onRevoke && revoking ? (
        <QuestionCard
          calm
          level={3}
          title={`Revoke for ${calledGuest(guest, found)}?`}
          yes="Revoke"
          no="Keep it"
          failed="Not revoked yet"
          why={wordsFor}
          className="mt-2"
          onYes={async () => {
            await onRevoke(guest);
            onChanged();
          }}
          onNo={() => {
            onKeep?.(guest);
            setRevoking(false);
          }}
        >
          <p>They leave at once. The visit goes on.</p>
        </QuestionCard>
      ) : null}
    </>
  );
}

function stands(guest: GuestView, me: PeoplePanelProps["me"], called: string): string {
  const at = (instant: string | null) => (instant ? clock(new Date(instant)) : "");
  if (guest.state === "allowed") {
    return me === "patient"
      ? `you allowed them at ${at(guest.decidedAt)}`
      : `with ${called}’s signature, ${at(guest.decidedAt)}`;
  }
  const forYou = !guest.acceptedAt && me === "clinician";
  if (guest.state === "invited") {
    return `${guest.askedBy === me ? "you asked" : `${called} asked`} at ${at(guest.invitedAt)}, the link is not opened yet`;
  }
  if (forYou && guest.askedBy === me) return "they ask in another role than your link’s. Do you agree?";
  if (forYou) return `${called} would like them to join. Do you agree?`;
  if (!guest.acceptedAt) return `waits for ${called}’s yes`;
  return me === "patient" ? "waits for your decision" : `waits for ${called}’s decision`;
}
