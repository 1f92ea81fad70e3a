"use client";

import { Check, CircleDot, Hand } from "lucide-react";
import { useState } from "react";
import { choiceWords } from "@/components/consent/choices.tsx";
import { RevokeQuestion } from "@/components/consent/revoke.tsx";
import { Badge } from "@/components/ui/badge.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Card } from "@/components/ui/card.tsx";
import { RecordState } from "@/components/ui/record-state.tsx";
import { clock, day, fromSeconds, longWhen, until } from "@/components/ui/times.ts";
import { type ConsentView, choicesOf } from "@/lib/consent/grant.ts";
import type { MyVisit } from "./use-mine.ts";

/** Every permission that was given, those in force first. */
export function Permissions({ visits, onChanged }: { visits: readonly MyVisit[]; onChanged: () => void }) {
  const given = visits.filter(({ join }) => join.consent);
  const inForce = given.filter(({ join }) => isInForce(join.consent!));
  const past = given.filter((one) => !inForce.includes(one));
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      {[...inForce, ...past].map((visit) => (
        <PermissionCard key={visit.join.id} visit={visit} onChanged={onChanged} />
      ))}
      {given.length === 0 ? <p>You have given no permission yet.</p> : null}
    </div>
  );
}

export const isInForce = (consent: ConsentView): boolean =>
  !consent.revokedAt && fromSeconds(consent.consent.validUntil) > new Date();

export function PermissionCard({ visit, onChanged }: { visit: MyVisit; onChanged: () => void }) {
  const { join, keys, looks } = visit;
  const [asking, setAsking] = useState(false);
  const consent = join.consent!;
  const inForce = isInForce(consent);
  const heading = `permission-${join.id}`;
  return (
    <Card calm aria-labelledby={heading}>
      <div className="flex flex-wrap items-start justify-between gap-2">
        <h2 id={heading} className="text-lead font-semibold">
          {join.clinician.name}
        </h2>
        <Standing state={consent.revokedAt ? "revoked" : inForce ? "live" : "ended"} />
      </div>
      <p className="text-calm-small text-muted-foreground">
        {join.clinic}, visit of {day(new Date(join.startedAt ?? consent.grantedAt))}
      </p>
      <dl className="mt-3 grid gap-x-8 sm:grid-cols-2">
        {consent.revokedAt ? (
          <>
            <Fact name="Taken back" value={longWhen(new Date(consent.revokedAt))} />
            <Fact name="Refused since" value={refusedSince(looks, consent.revokedAt)} />
          </>
        ) : (
          <>
            <Chosen consent={consent} />
            <Fact name="Ends" value={endOf(consent)} />
          </>
        )}
      </dl>
      <p className="mt-3 flex flex-wrap items-center justify-between gap-2 text-calm-small">
        {consent.revokedAt ? "Taken back by you" : `Signed by you, ${clock(new Date(consent.grantedAt))}`}
        <RecordState state={consent.revocation ?? consent.ledger} className="text-calm-small" />
      </p>
      {!inForce ? null : asking ? (
        <div className="mt-4">
          <RevokeQuestion
            visitId={join.id}
            consent={consent}
            keys={keys}
            ledger={join.ledger}
            clinicianName={join.clinician.name}
            during={join.state === "in-call" ? "call" : join.state === "over" ? "after" : "waiting"}
            onRevoked={() => {
              setAsking(false);
              onChanged();
            }}
            onKeep={() => setAsking(false)}
          />
        </div>
      ) : (
        <Button
          variant="danger"
          size="calm"
          className="mt-4 w-full sm:w-auto sm:min-w-48"
          aria-describedby={heading}
          onClick={() => setAsking(true)}
        >
          Revoke
        </Button>
      )}
    </Card>
  );
}

const standings = {
  live: { tone: "success", icon: CircleDot, word: "Active" },
  ended: { tone: "quiet", icon: Check, word: "Ended" },
  revoked: { tone: "warning", icon: Hand, word: "Revoked" },
} as const;

export function Standing({ state }: { state: ConsentView["state"] }) {
  const { tone, icon: Icon, word } = standings[state];
  return (
    <Badge tone={tone}>
      <Icon aria-hidden="true" />
      {word}
    </Badge>
  );
}

function Chosen({ consent }: { consent: ConsentView }) {
  const { video, prescriptions, files } = choicesOf(consent.consent.scopes);
  return (
    <>
      <Fact name="Video session" value={choiceWords[video]} />
      <Fact name="Prescriptions" value={choiceWords[prescriptions]} />
      <Fact name="Files" value={choiceWords[files]} />
    </>
  );
}

export function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div className="flex justify-between gap-3 border-t py-2 text-calm-small">
      <dt className="text-muted-foreground">{name}</dt>
      <dd className="text-right font-semibold">{value}</dd>
    </div>
  );
}

function endOf(consent: ConsentView): string {
  const end = fromSeconds(consent.consent.validUntil);
  return end > new Date() ? until(end) : longWhen(end);
}

function refusedSince(looks: MyVisit["looks"], revokedAt: string): string {
  const times = looks.filter(({ at, refusal, who }) => refusal && who !== "you" && at > revokedAt).length;
  return times === 0 ? "nobody tried" : times === 1 ? "1 attempt" : `${times} attempts`;
}
