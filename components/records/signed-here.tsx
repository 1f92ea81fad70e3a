"use client";

import { useId } from "react";
import type { DoctorsHand } from "./paper/doctor-actions.tsx";
import { ContentRow } from "./record-rows.tsx";
import type { Opening } from "./use-opened.ts";

/** What was prescribed in this visit so far, to be printed, replaced or taken back. Newest first; nothing before the first. */
export function SignedHere({ opening, patient, hand }: { opening: Opening; patient: string; hand: DoctorsHand }) {
  const id = useId();
  const prescriptions = hand.records.filter(({ kind }) => kind === "prescription").reverse();
  if (prescriptions.length === 0) return null;
  return (
    <section aria-labelledby={id} className="border-t pt-4">
      <h2 id={id} className="font-semibold">
        Signed in this visit
      </h2>
      <ul className="@container mt-3">
        {prescriptions.map((record) => (
          <ContentRow
            key={record.id}
            record={record}
            opening={opening}
            reader={{ calm: false, patient, clinician: "you" }}
            hand={hand}
          />
        ))}
      </ul>
    </section>
  );
}
