"use client";

import { CircleHelp, FileUp, ScanLine, ShieldX } from "lucide-react";
import dynamic from "next/dynamic";
import { type DragEvent, useRef, useState } from "react";
import { EvidenceResult } from "@/components/audit/evidence/evidence-result.tsx";
import { type Choosing, type Questions, useEvidence } from "@/components/audit/evidence/use-evidence.ts";
import { CallPractice } from "@/components/auth/call-practice.tsx";
import { HelpLink } from "@/components/auth/help/help-link.tsx";
import { Alert } from "@/components/ui/alert.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Empty } from "@/components/ui/empty.tsx";
import { PatientFrame } from "@/components/ui/patient-frame.tsx";
import { Loading } from "@/components/ui/skeleton.tsx";
import { slipIn } from "@/lib/records/slip.ts";
import { Refusal } from "@/lib/refusal.ts";
import { wordsFor } from "@/lib/strings/apart.ts";
import { SlipHeld } from "./slip-held.tsx";
import { type Holding, useSlip } from "./use-slip.ts";

const ScanCode = dynamic(() => import("@/components/ui/scan-code.tsx").then((file) => file.ScanCode<string>), {
  ssr: false,
});

/** The fragment of a prescription's link, or null for any other code. */
const fragmentIn = (text: string): string | null => (slipIn(text) ? text.slice(text.indexOf("#")) : null);

/** For whoever holds a prescription's paper, or the evidence of a visit. Everything is checked on their own device. */
export function VerifyScreen() {
  const { holding, again } = useSlip();
  const { choosing, choose, leave, ...questions } = useEvidence();
  const [scanning, setScanning] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const taken = (files: FileList | null) => {
    if (files?.[0]) choose(files[0]);
  };
  const drop = {
    onDragOver: (event: DragEvent) => event.preventDefault(),
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      taken(event.dataTransfer.files);
    },
  };
  const isPaper = choosing.is === "nothing" && holding.is !== "nothing";
  return (
    <PatientFrame title="Assent" width="page" aside={<HelpLink />} className="text-body sm:py-9">
      <div {...drop}>
        <div className="flex flex-wrap items-end justify-between gap-4">
          <div>
            <h1 className="text-calm-title font-bold">{isPaper ? "Verify a prescription" : "Verify a record"}</h1>
            <p className="text-muted-foreground">
              {!isPaper
                ? "Checked on this device. The file is not uploaded."
                : holding.is === "held"
                  ? "Checked on this device, just now. The patient sees that you looked."
                  : "It is checked on this device. You need no account."}
            </p>
          </div>
          <div className="flex flex-wrap gap-2">
            <input
              ref={input}
              type="file"
              accept=".json,application/json"
              hidden
              tabIndex={-1}
              onChange={({ target }) => {
                taken(target.files);
                target.value = "";
              }}
            />
            <Button variant="outline" className="min-h-11" onClick={() => input.current?.click()}>
              <FileUp aria-hidden="true" />
              Choose evidence file
            </Button>
            <Button variant="outline" className="min-h-11" onClick={() => setScanning(true)}>
              <ScanLine aria-hidden="true" />
              Scan a QR code
            </Button>
          </div>
        </div>
        {choosing.is === "nothing" ? (
          <Shown holding={holding} again={again} />
        ) : (
          <ChosenFile choosing={choosing} {...questions} />
        )}
      </div>
      {scanning ? (
        <ScanCode
          title="Scan the prescription"
          read={fragmentIn}
          instead="scan the code with your phone’s own camera"
          onFound={async (fragment: string) => {
            setScanning(false);
            leave();
            if (location.hash === fragment) again();
            else location.hash = fragment;
            return null;
          }}
          onClose={() => setScanning(false)}
        />
      ) : null}
    </PatientFrame>
  );
}

function ChosenFile({ choosing, ...questions }: { choosing: Choosing } & Questions) {
  switch (choosing.is) {
    case "nothing":
      return null;
    case "checking":
      return (
        <Loading label="Checking the file" slow="Still checking; the ledger is slow to answer." className="mt-6" />
      );
    case "unreadable":
      return (
        <Alert tone="warning" role="alert" className="mt-6" title="This file can’t be read">
          It was moved or changed meanwhile, or your line broke before this page was whole. Please choose it again.
        </Alert>
      );
    case "checked":
      return <EvidenceResult chosen={choosing.chosen} {...questions} />;
  }
}

function Shown({ holding, again }: { holding: Holding; again: () => void }) {
  switch (holding.is) {
    case "reading":
      return (
        <Loading label="Checking the prescription" slow="Still waiting for the practice’s server." className="mt-6" />
      );
    case "nothing":
      return (
        <Empty icon={<FileUp aria-hidden="true" />} title="Choose a file, or scan a paper" className="mt-6 rounded-2xl">
          The evidence of a visit, or a certificate of what was erased: every check is listed with its result. A
          prescription’s QR code opens it here: what was prescribed, by whom, and whether it may still be dispensed.
        </Empty>
      );
    case "incomplete":
      return (
        <Alert tone="warning" role="alert" className="mt-6" title="This code is not complete">
          Something of the address is missing. Please scan the QR code again, the whole of it.
        </Alert>
      );
    case "not-genuine":
      return (
        <>
          <Alert
            tone="danger"
            role="alert"
            className="mt-6"
            icon={<ShieldX aria-hidden="true" />}
            title="Not genuine: don’t dispense it"
          >
            What came from {holding.clinic} is not what a doctor signed, so it isn’t shown. Please tell the practice.
          </Alert>
          <CallPractice phone={holding.phone} className="mt-4" />
        </>
      );
    case "failed": {
      const unknown = holding.fault instanceof Refusal && holding.fault.code === "prescription.not-found";
      return (
        <Alert
          tone={unknown ? "danger" : "warning"}
          role="alert"
          className="mt-6"
          icon={unknown ? <CircleHelp aria-hidden="true" /> : undefined}
          title={unknown ? "Not a prescription of this practice" : "We couldn’t check it just now"}
        >
          <p>{wordsFor(holding.fault)}</p>
          <Button variant="outline" className="mt-3 min-h-11" onClick={again}>
            Try again
          </Button>
        </Alert>
      );
    }
    case "held":
      return <SlipHeld held={holding.held} onMarked={again} />;
  }
}
