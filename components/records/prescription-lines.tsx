import type { ReactNode } from "react";
import type { Prescription } from "@/lib/records/record.ts";
import { inWords } from "./draft.ts";

/** A prescription as its doctor reads it again. */
export function PrescriptionLines({ prescription }: { prescription: Prescription }) {
  const { howMuch, howOften, youGet } = inWords(prescription);
  return (
    <dl className="text-table">
      <Line name="Medication">{prescription.medication}</Line>
      <Line name="Dose">{howMuch}</Line>
      <Line name="Frequency">{howOften}</Line>
      <Line name="Quantity">{youGet}</Line>
      {prescription.instructions && <Line name="Instructions">{prescription.instructions}</Line>}
    </dl>
  );
}

/** The same in the patient's words and size; the medication's name stands above it. */
export function PrescriptionInWords({ prescription }: { prescription: Prescription }) {
  const { howMuch, howOften, youGet } = inWords(prescription);
  return (
    <dl className="text-calm-small">
      <Line name="How much">{howMuch}</Line>
      <Line name="How often">{howOften}</Line>
      <Line name="You get">{youGet}</Line>
      {prescription.instructions && <Line name="Instructions">{prescription.instructions}</Line>}
    </dl>
  );
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex flex-wrap justify-between gap-x-4 border-t py-2">
      <dt className="text-muted-foreground">{name}</dt>
      <dd className="min-w-0 font-semibold break-words whitespace-pre-line">{children}</dd>
    </div>
  );
}
