"use client";

import { choiceWords } from "@/components/consent/choices.tsx";
import { RevokeQuestion } from "@/components/consent/revoke.tsx";
import { day, fromSeconds, longWhen, until } from "@/components/ui/times.ts";
import { type ConsentView, choicesOf } from "@/lib/consent/grant.ts";
import { Fact, GivenCard } from "./given-card.tsx";
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
  const consent = join.consent!;
  return (
    <GivenCard
      id={`permission-${join.id}`}
      to={join.clinician.name}
      about={`${join.clinic}, visit of ${day(new Date(join.startedAt ?? consent.grantedAt))}`}
      state={consent.revokedAt ? "revoked" : isInForce(consent) ? "live" : "ended"}
      consent={consent}
      facts={
        consent.revokedAt ? (
          <>
            <Fact name="Taken back" value={longWhen(new Date(consent.revokedAt))} />
            <Fact name="Refused since" value={refusedSince(looks, consent.revokedAt)} />
          </>
        ) : (
          <>
            <Chosen consent={consent} />
            <Fact name="Ends" value={endOf(consent)} />
          </>
        )
      }
      question={(close) => (
        <RevokeQuestion
          visit={join}
          consent={consent}
          keys={keys}
          during={join.state === "in-call" ? "call" : join.state === "over" ? "after" : "waiting"}
          onRevoked={() => {
            close();
            onChanged();
          }}
          onKeep={close}
        />
      )}
    />
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

function endOf(consent: ConsentView): string {
  const end = fromSeconds(consent.consent.validUntil);
  return end > new Date() ? until(end) : longWhen(end);
}

function refusedSince(looks: MyVisit["looks"], revokedAt: string): string {
  const times = looks.filter(({ at, refusal, who }) => refusal && who !== "you" && at > revokedAt).length;
  return times === 0 ? "nobody tried" : times === 1 ? "1 attempt" : `${times} attempts`;
}
