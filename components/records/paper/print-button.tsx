"use client";

import { Printer } from "lucide-react";
import dynamic from "next/dynamic";
import { useEffect, useState } from "react";
import { useClinic } from "@/components/auth/use-clinic.ts";
import { Button } from "@/components/ui/button.tsx";
import { printWhenThere } from "@/components/ui/print-page.tsx";
import type { Prescription } from "@/lib/records/prescription.ts";
import type { RecordView } from "@/lib/records/record.ts";

const PaperPrescription = dynamic(() => import("./paper-prescription.tsx").then((file) => file.PaperPrescription), {
  ssr: false,
});

/** The paper for the pharmacy, made here: the browser prints it or saves it as a PDF. */
export function PrintButton(props: { record: RecordView; prescription: Prescription; calm: boolean }) {
  const [printing, setPrinting] = useState(false);
  return (
    <>
      <Button
        variant="outline"
        size={props.calm ? "calm" : "default"}
        className={props.calm ? "px-4" : "min-h-11"}
        busy={printing}
        onClick={() => setPrinting(true)}
      >
        {printing ? null : <Printer aria-hidden="true" />}
        Print or save as PDF
      </Button>
      {printing ? <Print {...props} onDone={() => setPrinting(false)} /> : null}
    </>
  );
}

function Print({
  record,
  prescription,
  onDone,
}: {
  record: RecordView;
  prescription: Prescription;
  onDone: () => void;
}) {
  const [now] = useClinic();
  const clinic = now.is === "known" ? now.clinic : null;
  useEffect(() => {
    if (now.is === "unreachable") return onDone();
    if (!clinic) return;
    window.addEventListener("afterprint", onDone, { once: true });
    const stop = printWhenThere();
    return () => {
      stop();
      window.removeEventListener("afterprint", onDone);
    };
  }, [clinic, now.is, onDone]);
  if (!clinic) return null;
  return (
    <PaperPrescription
      record={record}
      prescription={prescription}
      clinic={clinic.name ?? "Assent"}
      ledger={clinic.ledger.label}
    />
  );
}
