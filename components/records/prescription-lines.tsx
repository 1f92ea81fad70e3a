import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn.ts";
import { Fact } from "@/components/ui/fact.tsx";
import type { Item } from "@/lib/records/fhir.ts";
import { inWords } from "@/lib/records/in-words.ts";
import { itemsOf, type Prescription } from "@/lib/records/prescription.ts";

/** A prescription as its doctor reads it again. */
export function PrescriptionLines({ prescription }: { prescription: Prescription }) {
  return (
    <Medicines prescription={prescription}>
      {(item) => {
        const { howMuch, howOften, youGet } = inWords(item);
        return (
          <dl className="text-table">
            <Fact name="Medication">{item.medication}</Fact>
            <Fact name="Dose">{howMuch}</Fact>
            <Fact name="Frequency">{howOften}</Fact>
            <Fact name="Quantity">{youGet}</Fact>
            {item.instructions && <Fact name="Instructions">{item.instructions}</Fact>}
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
              <Fact name="How much">{howMuch}</Fact>
              <Fact name="How often">{howOften}</Fact>
              <Fact name="You get">{youGet}</Fact>
              {item.instructions && <Fact name="Instructions">{item.instructions}</Fact>}
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
