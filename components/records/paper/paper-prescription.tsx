"use client";

import type { ReactNode } from "react";
import { Mark } from "@/components/ui/mark.tsx";
import { PrintPage } from "@/components/ui/print-page.tsx";
import { Qr } from "@/components/ui/qr.tsx";
import { SignatureLine } from "@/components/ui/signature-line.tsx";
import { clock, fromSeconds, fullDay } from "@/components/ui/times.ts";
import { amountWords, spanWords } from "@/lib/records/amount.ts";
import type { Item } from "@/lib/records/fhir.ts";
import { inWords } from "@/lib/records/in-words.ts";
import { itemsOf, orderOfPrescription, type Prescription } from "@/lib/records/prescription.ts";
import type { RecordView } from "@/lib/records/record.ts";
import { slipLinkOf, slipNumber } from "@/lib/records/slip.ts";

interface PaperPrescriptionProps {
  record: RecordView;
  prescription: Prescription;
  /** The practice, as it calls itself, and its ledger's name. */
  clinic: string;
  ledger: string;
}

/** What goes on paper, or into a PDF, for the pharmacy. Whoever holds it can read it and dispense it, as often as it says. */
export function PaperPrescription({ record, prescription, clinic, ledger }: PaperPrescriptionProps) {
  const { patient, clinician, until } = orderOfPrescription(prescription);
  const signed = fromSeconds(record.signedAt);
  return (
    <PrintPage>
      <header className="flex items-start justify-between gap-4 border-b-2 border-current pb-4">
        <p className="flex items-center gap-3 text-[1.25rem] font-bold">
          <Mark />
          {clinic}
        </p>
        <div className="text-right text-table">
          <p className="font-semibold">Prescription</p>
          <p>{fullDay(signed)}</p>
          <p className="font-mono">RX {slipNumber(record.id)}</p>
        </div>
      </header>
      <div className="mt-6 grid grid-cols-2 gap-10">
        <div>
          <h1 className="text-table font-normal">Prescription for</h1>
          <p className="text-[1.25rem] font-bold break-words">{patient || "a patient who told no name"}</p>
        </div>
        <div>
          <p className="text-table">by</p>
          <p className="text-[1.25rem] font-bold break-words">{clinician}</p>
        </div>
      </div>
      <section aria-label="What is prescribed" className="mt-7 rounded-lg border-2 border-current p-5">
        {itemsOf(prescription).map((item, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: signed, so nothing comes or goes
          <Medicine key={at} item={item} />
        ))}
      </section>
      <div className="mt-7 grid grid-cols-2 gap-8 break-inside-avoid">
        <SignatureLine name={clinician} caption={`Signed ${fullDay(signed)}, ${clock(signed)}`} />
        <SignatureLine
          name={patient || "The patient"}
          caption={
            record.approval ? "Approved exactly this, on their own device" : "Allowed prescriptions in this visit"
          }
        />
      </div>
      <section className="mt-8 flex items-center gap-6 break-inside-avoid rounded-lg border border-current p-5">
        <Qr
          text={slipLinkOf(location.origin, record.id, prescription.slip)}
          label="QR code to check this prescription"
          className="size-44 shrink-0 border-0"
        />
        <div>
          <h2 className="text-[1.125rem] font-bold">For the pharmacist: check it, and mark it</h2>
          <p className="mt-1">
            Scan the code with a phone, or open{" "}
            <span className="font-mono text-table break-all">{location.host}/verify</span> and choose “Scan a QR code”.
            You see if it is genuine, and whether it was dispensed. No account is needed.
          </p>
          <p className="mt-2 text-table">Whoever holds this page can read this prescription, and no other.</p>
        </div>
      </section>
      <footer className="mt-10 border-t border-[oklch(0.8_0.01_212)] pt-3 text-small">
        Valid until {fullDay(new Date(until))}.{" "}
        {record.block === null ? "Recorded on" : `Recorded in block ${record.block},`} {ledger} of {clinic}. A ledger
        signature is not a certified e-prescription; not for controlled substances.
      </footer>
    </PrintPage>
  );
}

function Medicine({ item }: { item: Item }) {
  const { medication, frequency, duration, quantity, refills, instructions } = item;
  return (
    <div className="break-inside-avoid border-t border-[oklch(0.8_0.01_212)] pt-4 pb-2 first:border-0 first:pt-0">
      <h2 className="text-[1.625rem] leading-tight font-bold break-words">{medication}</h2>
      <dl className="mt-3">
        <Line name="Dose">{inWords(item).howMuch}</Line>
        <Line name="Frequency">{frequency}</Line>
        {duration ? <Line name="Duration">{spanWords(duration)}</Line> : null}
        {quantity ? <Line name="Quantity">{amountWords(quantity)}</Line> : null}
        <Line name="Refills">{refills === 0 ? "0 (none)" : String(refills)}</Line>
        {instructions ? <Line name="Instructions">{instructions}</Line> : null}
      </dl>
    </div>
  );
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[9rem_minmax(0,1fr)] border-t border-[oklch(0.8_0.01_212)] py-2 first:border-0">
      <dt>{name}</dt>
      <dd className="font-semibold break-words whitespace-pre-line">{children}</dd>
    </div>
  );
}
