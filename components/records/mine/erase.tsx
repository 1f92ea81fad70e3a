"use client";

import { Eraser, TriangleAlert } from "lucide-react";
import { useCallback, useEffect, useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { QuestionCard } from "@/components/ui/question-card.tsx";
import { longWhen } from "@/components/ui/times.ts";
import { signOpening } from "@/lib/keyring/opening.ts";
import { askErasure, type Certificate, erasureOf, readErasure, withdrawErasure } from "@/lib/records/erasure.ts";
import { wordsFor } from "@/lib/strings/apart.ts";
import { ask } from "@/lib/wire.ts";
import type { MyVisit } from "./use-mine.ts";

type Standing = { askedAt: string | null; certificates: readonly Certificate[] };

async function askFor({ join, keys }: MyVisit): Promise<Standing> {
  const { at, proof } = await signOpening(erasureOf(join.id), keys, new Date());
  return ask(askErasure, { visitId: join.id, at, proof });
}

/** What of a visit is gone, what was asked for, and the way to ask: the practice says what the law makes it keep. */
export function Erase({ visit, onCertificate }: { visit: MyVisit; onCertificate: (one: Certificate) => void }) {
  const { join, records } = visit;
  const [standing, setStanding] = useState<Standing>();
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>();

  useEffect(() => {
    const life = new AbortController();
    ask(readErasure, { visitId: join.id }, { signal: life.signal }).then(setStanding, () => {});
    return () => life.abort();
  }, [join.id]);
  const withdraw = useCallback(async () => {
    setBusy(true);
    setFault(undefined);
    await ask(withdrawErasure, { visitId: join.id }).then(setStanding, setFault);
    setBusy(false);
  }, [join.id]);

  if (!standing || join.state !== "over") return null;
  const left = !join.erasedAt || records.some(({ erased }) => !erased);
  return (
    <div className="mt-4 grid gap-3 border-t pt-4 text-calm-small">
      {standing.certificates.map((one) => (
        <p key={one.id} className="flex flex-wrap items-center justify-between gap-2">
          <span>Erased on {longWhen(new Date(one.erasedAt))}.</span>
          <Button variant="outline" size="sm" className="min-h-11" onClick={() => onCertificate(one)}>
            Show certificate
          </Button>
        </p>
      ))}
      {standing.askedAt ? (
        <div className="flex flex-wrap items-center justify-between gap-2">
          <p className="min-w-0 basis-64 grow">
            You asked on {longWhen(new Date(standing.askedAt))} that this visit is erased. The practice has to say first
            what the law makes it keep.
          </p>
          <Button variant="ghost" size="sm" className="min-h-11" busy={busy} onClick={() => void withdraw()}>
            Take it back
          </Button>
        </div>
      ) : asking ? (
        <QuestionCard
          calm
          level={3}
          title={
            <>
              <TriangleAlert aria-hidden="true" className="size-7 shrink-0 text-destructive" />
              <span>Erase this visit?</span>
            </>
          }
          yes="Erase"
          no="Keep it"
          failed="Not asked yet"
          why={wordsFor}
          onYes={async () => {
            setStanding(await askFor(visit));
            setAsking(false);
          }}
          onNo={() => setAsking(false)}
        >
          <p>
            <strong className="font-semibold">Goes, for everybody:</strong> prescriptions, files, names and notes.
            Download everything first if you want to keep a copy.
          </p>
          <p>
            <strong className="font-semibold">Stays:</strong> that something was recorded, and when; and what the law
            makes the practice keep, with the reason.
          </p>
        </QuestionCard>
      ) : left ? (
        <Button variant="ghost" size="sm" className="min-h-11 justify-self-start" onClick={() => setAsking(true)}>
          <Eraser aria-hidden="true" />
          Erase this visit
        </Button>
      ) : null}
      {fault ? <p role="alert">{wordsFor(fault)}</p> : null}
    </div>
  );
}

/** The same for every visit at once. */
export function EraseAll({ visits, onAsked }: { visits: readonly MyVisit[]; onAsked: () => void }) {
  const [asking, setAsking] = useState(false);
  const over = visits.filter(
    ({ join, records }) => join.state === "over" && (!join.erasedAt || records.some((one) => !one.erased)),
  );
  if (over.length < 2) return null;
  if (!asking) {
    return (
      <Button variant="danger" size="calm" className="justify-self-start" onClick={() => setAsking(true)}>
        <Eraser aria-hidden="true" />
        Erase everything
      </Button>
    );
  }
  return (
    <QuestionCard
      calm
      title={
        <>
          <TriangleAlert aria-hidden="true" className="size-7 shrink-0 text-destructive" />
          <span>Erase all {over.length} visits?</span>
        </>
      }
      yes="Erase"
      no="Keep it"
      failed="Not all of it is asked yet"
      why={wordsFor}
      onYes={async () => {
        for (const visit of over) {
          const { askedAt } = await ask(readErasure, { visitId: visit.join.id });
          if (!askedAt) await askFor(visit);
        }
        setAsking(false);
        onAsked();
      }}
      onNo={() => setAsking(false)}
    >
      <p>
        Prescriptions, files, names and notes of every visit that is over go, for everybody, but for what the law makes
        the practice keep. You get a certificate for each.
      </p>
    </QuestionCard>
  );
}
