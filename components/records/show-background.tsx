"use client";

import { CircleCheck } from "lucide-react";
import { type FormEvent, useEffect, useState } from "react";
import { Alert } from "@/components/ui/alert.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Loading } from "@/components/ui/skeleton.tsx";
import { clock } from "@/components/ui/times.ts";
import type { Keys } from "@/lib/keyring/keyring.ts";
import {
  type Background,
  readBackground,
  sealBackground,
  shareBackground,
  withdrawBackground,
} from "@/lib/records/background.ts";
import { emptyFolder } from "@/lib/records/folder.ts";
import { seenOf } from "@/lib/records/seal.ts";
import { wordsFor } from "@/lib/strings/apart.ts";
import { ask } from "@/lib/wire.ts";
import { BackgroundFields, saysNothing } from "./background-fields.tsx";
import { saveBackground, syncFolder } from "./mine/own-folder.ts";

interface ShowBackgroundProps {
  visitId: string;
  keys: Keys;
  /** `Dr. Osei`, and the age recipient of that doctor. */
  doctor: string;
  recipient: string;
}

/** The patient's own choice: what they noted, for this visit's doctor alone. */
export function ShowBackground({ visitId, keys, doctor, recipient }: ShowBackgroundProps) {
  const [noted, setNoted] = useState<Background>();
  const [shownAt, setShownAt] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>();

  useEffect(() => {
    const life = new AbortController();
    const { signal } = life;
    Promise.all([
      ask(readBackground, { visitId }, { signal }).catch(() => ({ background: null })),
      // Without the folder it is written anew.
      syncFolder().catch(() => null),
    ]).then(([{ background }, folder]) => {
      if (signal.aborted) return;
      setShownAt(background?.sharedAt ?? null);
      setNoted((folder ?? emptyFolder).background);
    });
    return () => life.abort();
  }, [visitId]);

  const during = async (work: () => Promise<string | null>) => {
    if (busy) return;
    setBusy(true);
    setFault(undefined);
    try {
      setShownAt(await work());
    } catch (why) {
      setFault(why);
    }
    setBusy(false);
  };
  const show = (event: FormEvent) => {
    event.preventDefault();
    if (!noted || saysNothing(noted)) return;
    void during(async () => {
      const { background } = await ask(readBackground, { visitId });
      const before = background && (await seenOf(background));
      const sealed = await sealBackground(visitId, noted, { doctor: recipient, before, keys });
      const { sharedAt } = await ask(shareBackground, { visitId, ...sealed });
      // For the next visit; this one is served without.
      await saveBackground(noted).catch(() => {});
      return sharedAt;
    });
  };
  const stop = () =>
    during(async () => {
      await ask(withdrawBackground, { visitId });
      return null;
    });

  if (!noted) return <Loading label="Opening what you noted" className="mt-3" />;
  return (
    <form className="mt-3 grid gap-4" onSubmit={show}>
      {shownAt ? (
        <>
          <p role="status" className="flex gap-2 font-semibold">
            <CircleCheck aria-hidden="true" className="mt-0.5 size-6 shrink-0 text-success" />
            {doctor} can read it, since {clock(new Date(shownAt))}.
          </p>
          <Button variant="outline" size="calm" busy={busy} onClick={stop}>
            Stop showing it
          </Button>
        </>
      ) : (
        <>
          <BackgroundFields value={noted} onChange={setNoted} />
          <Button type="submit" size="calm" variant="outline" busy={busy} disabled={saysNothing(noted)}>
            Show {doctor}
          </Button>
        </>
      )}
      {fault ? (
        <Alert calm tone="danger" role="alert" title="That didn’t work">
          {wordsFor(fault)}
        </Alert>
      ) : null}
    </form>
  );
}
