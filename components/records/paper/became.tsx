"use client";

import { Ban, CalendarX, PackageCheck, PackageX } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { counted } from "@/components/ui/text.ts";
import { longWhen } from "@/components/ui/times.ts";
import { openCancellation, readCancellation } from "@/lib/records/cancellation.ts";
import type { PrescriptionCancelled } from "@/lib/records/prescription.ts";
import type { RecordView, SlipState } from "@/lib/records/record.ts";
import { type DispenseNote, openNote } from "@/lib/records/slip.ts";
import { ask } from "@/lib/wire.ts";
import type { Opening } from "../use-opened.ts";

/**
 * What became of a prescription since it was signed: taken back, dispensed, tried again, run out. Nothing while it is good. Why
 * and by whom is sealed, and told to the two people of the visit alone.
 */
export function Became({ record, opening }: { record: RecordView; opening: Opening | null }) {
  const { slip } = record;
  const cancelled = useCancellation(record, opening);
  if (!slip) return null;
  const { dispensed, times } = slip;
  const over = !slip.cancelledAt && dispensed.length < times && new Date(slip.until).getTime() < Date.now();
  return (
    <>
      {slip.cancelledAt ? (
        <Fact icon={<Ban aria-hidden="true" />} className="text-destructive">
          {cancelled?.content.replacedBy ? "Replaced by another prescription" : "Cancelled"},{" "}
          {longWhen(new Date(slip.cancelledAt))}
          {cancelled?.content.replacedBy ? "" : reasonOf(cancelled?.content)}
          {cancelled && !cancelled.onLedger
            ? ". Signed by the doctor and kept by the practice; not on the ledger, since the permission doesn’t cover it any more"
            : ""}
          .
        </Fact>
      ) : null}
      {dispensed.map((once, before) => (
        <DispensedFact
          key={once.at}
          {...{ once, opening }}
          record={record.id}
          what={times === 1 ? "Dispensed" : `Dispensed, ${before + 1} of ${times} times,`}
        />
      ))}
      {slip.refused ? (
        <Fact icon={<PackageX aria-hidden="true" />}>
          {counted(slip.refused.times, "later try", "later tries")} to dispense it again,{" "}
          {slip.refused.times === 1 ? "on" : "the last on"} {longWhen(new Date(slip.refused.last))}: refused.
        </Fact>
      ) : null}
      {over ? (
        <Fact icon={<CalendarX aria-hidden="true" />}>
          Run out {longWhen(new Date(slip.until))},{" "}
          {dispensed.length === 0 ? "never dispensed" : `dispensed ${dispensed.length} of ${times} times`}.
        </Fact>
      ) : null}
    </>
  );
}

const reasonOf = (content: PrescriptionCancelled | undefined) => (content?.reason ? `: ${content.reason}` : "");

/** Whether a pharmacy could still give it out. */
export const isGood = (slip: SlipState | null): boolean =>
  slip !== null &&
  !slip.cancelledAt &&
  slip.dispensed.length < slip.times &&
  new Date(slip.until).getTime() >= Date.now();

function Fact({ icon, className, children }: { icon: ReactNode; className?: string; children: ReactNode }) {
  return (
    <p className={`mt-2 flex gap-2 font-semibold [&>svg]:mt-0.5 [&>svg]:size-5 [&>svg]:shrink-0 ${className ?? ""}`}>
      {icon}
      <span className="min-w-0 break-words">{children}</span>
    </p>
  );
}

interface Cancelled {
  content: PrescriptionCancelled;
  onLedger: boolean;
}

/** The doctor's own words, opened here; null while they are not, or where they are not the doctor's. */
function useCancellation({ id, slip }: RecordView, opening: Opening | null): Cancelled | null {
  const [cancelled, setCancelled] = useState<Cancelled | null>(null);
  const at = slip?.cancelledAt;
  const keys = opening?.keys;
  const visitId = opening?.visitId;
  const signer = opening?.consent.consent.grantee;
  useEffect(() => {
    if (!at || !keys || !visitId || !signer) return;
    const life = new AbortController();
    const { signal } = life;
    ask(readCancellation, { visitId, id }, { signal })
      .then(async (cancellation) => {
        const content = await openCancellation({ visit: visitId, prescription: id, signer, cancellation, keys });
        if (!signal.aborted) setCancelled({ content, onLedger: cancellation.record !== null });
      })
      .catch(() => {}); // that it was taken back is said in any case
    return () => life.abort();
  }, [at, keys, visitId, id, signer]);
  return cancelled;
}

function DispensedFact(props: {
  once: SlipState["dispensed"][number];
  record: string;
  opening: Opening | null;
  what: string;
}) {
  const { once, record, opening, what } = props;
  const by = useNote(once.note, record, opening);
  return (
    <Fact icon={<PackageCheck aria-hidden="true" />}>
      {what} {longWhen(new Date(once.at))}
      {by ? `, ${[by.pharmacy, by.person].filter(Boolean).join(", ")}` : ""}.
    </Fact>
  );
}

function useNote(note: string, record: string, opening: Opening | null): DispenseNote | null {
  const keys = opening?.keys;
  const [by, setBy] = useState<DispenseNote | null>(null);
  useEffect(() => {
    if (!keys) return;
    let here = true;
    openNote(note, record, keys)
      .then((opened) => here && setBy(opened))
      .catch(() => {}); // that and when it was dispensed is known without
    return () => {
      here = false;
    };
  }, [note, record, keys]);
  return by;
}
