"use client";

import type { Prescription } from "@/lib/records/prescription.ts";
import type { RecordView } from "@/lib/records/record.ts";
import { PrescriptionInWords, PrescriptionLines } from "../prescription-lines.tsx";
import type { Opening, SharedOpening } from "../use-opened.ts";
import { Became, isGood } from "./became.tsx";
import { DoctorActions, type DoctorsHand, useReplacing } from "./doctor-actions.tsx";
import { PrintButton } from "./print-button.tsx";

/** A prescription that was opened: what it says, what became of it, and what its reader may do with it. */
export function Prescribed(props: {
  record: RecordView;
  prescription: Prescription;
  opening: Opening | SharedOpening;
  calm: boolean;
  hand: DoctorsHand | undefined;
}) {
  const { record, prescription, opening, calm, hand } = props;
  // To whom it was shared it is to be read, not to be given on.
  const own = "openShared" in opening ? null : opening;
  useReplacing(prescription, record, own, hand);
  const Lines = calm ? PrescriptionInWords : PrescriptionLines;
  return (
    <div className="mt-2">
      <Lines prescription={prescription} />
      <Became record={record} opening={own} />
      {own && isGood(record.slip) ? (
        <div className="mt-3 flex flex-wrap gap-2">
          <PrintButton record={record} prescription={prescription} calm={calm} />
          {hand ? <DoctorActions record={record} prescription={prescription} hand={hand} /> : null}
        </div>
      ) : null}
    </div>
  );
}
