import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn.ts";
import type { Item } from "@/lib/records/fhir.ts";
import { itemsOf, type Prescription } from "@/lib/records/prescription.ts";
import { inWords } from "./draft.ts";

/** A prescription as its doctor reads it again. */
export function PrescriptionLines({ prescription }: { prescription: Prescription }) {
  return (
    <Medicines prescription={prescription}>
      {(item) => {
        const { howMuch, howOften, youGet } = inWords(item);
        return (
          <dl className="text-table">
            <Line name="Medication">{item.medication}</Line>
            <Line name="Dose">{howMuch}</Line>
            <Line name="Frequency">{howOften}</Line>
            <Line name="Quantity">{youGet}</Line>
            {item.instructions && <Line name="Instructions">{item.instructions}</Line>}
          </dl>
        );
      }}
    </Medicines>
  );
}

/** The same in the patient's words and size. `named` where no title says which medicine it is. */
export function PrescriptionInWords({ prescription, named }: { prescription: Prescription; named?: boolean }) {
  const several = prescription.requests.length > 1;
  return (
    <Medicines prescription={prescription}>
      {(item) => {
        const { howMuch, howOften, youGet } = inWords(item);
        return (
          <>
            {named || several ? (
              <p className={cn("mb-2 font-semibold break-words", named && "text-lead")}>{item.medication}</p>
            ) : null}
            <dl className="text-calm-small">
              <Line name="How much">{howMuch}</Line>
              <Line name="How often">{howOften}</Line>
              <Line name="You get">{youGet}</Line>
              {item.instructions && <Line name="Instructions">{item.instructions}</Line>}
            </dl>
          </>
        );
      }}
    </Medicines>
  );
}

/** One medicine as it stands; several as a list. */
function Medicines({
  prescription,
  children: shown,
}: {
  prescription: Prescription;
  children: (item: Item) => ReactNode;
}) {
  const [first, ...others] = itemsOf(prescription);
  if (others.length === 0) return shown(first!);
  return (
    <ol className="grid grid-cols-[minmax(0,1fr)] gap-4">
      {[first!, ...others].map((item, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: signed, so nothing comes or goes
        <li key={at}>{shown(item)}</li>
      ))}
    </ol>
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
