"use client";

import { useEffect, useId, useState } from "react";
import type { Keys } from "@/lib/keyring/keyring.ts";
import { type Background, openBackground, readBackground } from "@/lib/records/background.ts";
import { ask } from "@/lib/wire.ts";

type Noted = { is: "reading" } | { is: "nothing" } | { is: "failed" } | { is: "shown"; background: Background };

/** Allergies and medicines that the patient chose to show, beside what is being prescribed. Reading it is on the trail. */
export function PatientNoted({ visitId, patient, keys }: { visitId: string; patient: string; keys: Keys }) {
  const id = useId();
  const [noted, setNoted] = useState<Noted>({ is: "reading" });
  useEffect(() => {
    const life = new AbortController();
    const { signal } = life;
    ask(readBackground, { visitId }, { signal })
      .then(async ({ background }): Promise<Noted> => {
        if (!background) return { is: "nothing" };
        return { is: "shown", background: await openBackground(visitId, background, patient, keys) };
      })
      .then((now) => signal.aborted || setNoted(now))
      .catch(() => signal.aborted || setNoted({ is: "failed" }));
    return () => life.abort();
  }, [visitId, patient, keys]);
  return (
    <section aria-labelledby={id} className="rounded-lg border p-3 text-table">
      <h3 id={id} className="font-semibold">
        The patient noted
      </h3>
      {noted.is === "shown" ? (
        <dl className="mt-1">
          <Said what="Allergies" text={noted.background.allergies} />
          <Said what="Current medicines" text={noted.background.medicines} />
        </dl>
      ) : (
        <p className="text-muted-foreground">{words[noted.is]}</p>
      )}
    </section>
  );
}

const words = {
  reading: "Looking…",
  nothing: "Nothing shared. Please ask about allergies and other medicines.",
  failed: "It couldn’t be opened. Please ask about allergies and other medicines.",
} as const;

function Said({ what, text }: { what: string; text: string }) {
  return (
    <div className="mt-1">
      <dt className="text-muted-foreground">{what}</dt>
      <dd className="font-semibold break-words whitespace-pre-line">{text || "Nothing noted"}</dd>
    </div>
  );
}
