"use client";

import { TriangleAlert } from "lucide-react";
import { useCallback, useEffect, useState } from "react";
import { shortName } from "@/components/consent/names.ts";
import { QuestionCard } from "@/components/ui/question-card.tsx";
import { counted } from "@/components/ui/text.ts";
import { clock, day, fromSeconds, longWhen, until } from "@/components/ui/times.ts";
import { listShares, type ShareView } from "@/lib/records/share.ts";
import { ask } from "@/lib/wire.ts";
import { Fact, GivenCard } from "./given-card.tsx";
import { takeShareBack, whyNotShared } from "./share-records.ts";
import type { MyVisit } from "./use-mine.ts";

interface Shared {
  visit: MyVisit;
  share: ShareView;
}

/** Every other doctor who may or might have read, of all visits, the newest first. What can't be asked for just now is left out. */
export function useShares(visits: readonly MyVisit[]): { shares: readonly Shared[]; reload: () => void } {
  const [shares, setShares] = useState<readonly Shared[]>([]);
  const [round, setRound] = useState(0);
  useEffect(() => {
    void round;
    const life = new AbortController();
    const asked = visits
      .filter(({ join }) => join.consent)
      .map(async (visit) => {
        const found = await ask(listShares, { visitId: visit.join.id }, { signal: life.signal });
        return found.shares.map((share) => ({ visit, share }));
      });
    Promise.all(asked.map((one) => one.catch(() => []))).then((found) => {
      if (life.signal.aborted) return;
      setShares(found.flat().sort((a, b) => b.share.consent.grantedAt.localeCompare(a.share.consent.grantedAt)));
    });
    return () => life.abort();
  }, [visits, round]);
  return { shares, reload: useCallback(() => setRound((before) => before + 1), []) };
}

/** One permission to read: what for, how long, how often it was used, and Revoke. */
export function ShareCard({ visit, share, onChanged }: Shared & { onChanged: () => void }) {
  const { join, keys, looks } = visit;
  const { consent } = share;
  const live = consent.state === "live";
  const reader = shortName(share.reader);
  const end = fromSeconds(consent.consent.validUntil);
  const opened = looks.filter(
    ({ consent: under, who, refusal, action }) =>
      under === consent.id &&
      who === "reader" &&
      refusal === null &&
      (action === "record.read" || action === "file.read"),
  );
  const last = opened[0];
  return (
    <GivenCard
      id={`share-${share.id}`}
      to={share.reader}
      about={`${join.clinic}, from your visit of ${day(new Date(join.startedAt ?? consent.grantedAt))} with ${shortName(join.clinician.name)}`}
      state={consent.state}
      consent={consent}
      facts={
        <>
          <Fact name={live ? "May open" : "Could open"} value={whatOf(share, visit)} />
          <Fact
            name="Opened so far"
            value={
              last ? `${timesWord(opened.length)}, last ${day(new Date(last.at))} ${clock(new Date(last.at))}` : "never"
            }
          />
          {consent.revokedAt ? (
            <Fact name="Taken back" value={longWhen(new Date(consent.revokedAt))} />
          ) : (
            <Fact name={live ? "Ends" : "Ended"} value={live ? until(end) : longWhen(end)} />
          )}
        </>
      }
      question={(close) => (
        <QuestionCard
          calm
          level={3}
          title={
            <>
              <TriangleAlert aria-hidden="true" className="size-7 shrink-0 text-destructive" />
              <span>Stop sharing with {reader}?</span>
            </>
          }
          yes="Revoke"
          no="Keep it"
          failed="Not revoked yet"
          why={whyNotShared}
          onYes={async () => {
            await takeShareBack(share, keys, join.ledger);
            close();
            onChanged();
          }}
          onNo={close}
        >
          <p>
            <strong className="font-semibold">Stops at once:</strong> {reader} can open nothing of it any more.
          </p>
          <p>
            <strong className="font-semibold">Stays:</strong> copies that were saved before.
          </p>
        </QuestionCard>
      )}
    />
  );
}

function whatOf({ records }: ShareView, visit: MyVisit): string {
  const of = (kind: string) => visit.records.filter((one) => one.kind === kind && records.includes(one.id)).length;
  const [prescriptions, files] = [of("prescription"), of("file-share")];
  const parts = [
    prescriptions > 0 ? counted(prescriptions, "prescription", "prescriptions") : null,
    files > 0 ? counted(files, "file", "files") : null,
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(", ") : "nothing: it was erased";
}

const timesWord = (n: number) => (n === 1 ? "once" : n === 2 ? "twice" : `${n} times`);
