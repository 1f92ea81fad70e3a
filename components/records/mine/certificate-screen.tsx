"use client";

import { ArrowLeft, BookLock, CircleCheck, CircleX, Download, Eraser, Printer, Scale } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { Alert } from "@/components/ui/alert.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Card } from "@/components/ui/card.tsx";
import { PatientFrame } from "@/components/ui/patient-frame.tsx";
import { saveFile } from "@/components/ui/save-file.ts";
import { SignatureLine } from "@/components/ui/signature-line.tsx";
import { Loading } from "@/components/ui/skeleton.tsx";
import { counted } from "@/components/ui/text.ts";
import { longWhen } from "@/components/ui/times.ts";
import { askNode, chosenNode } from "@/lib/ledger/node.browser.ts";
import type { Certificate } from "@/lib/records/erasure.ts";
import { type CertificateCheck, verifyCertificate } from "@/lib/records/verify-certificate.ts";
import { recordKinds } from "@/lib/strings/en.ts";
import { pseudonymOf } from "@/lib/visits/pseudonym.ts";

const checkWords = {
  signature: "Signed by the practice’s log key",
  request: "Asked for with your own key",
  records: "Each record is exactly the one it names",
  ledger: "The ledger still knows each of them",
} as const;

/** What was erased, what stays and why, checked here, on paper and as a file. */
export function CertificateScreen({ certificate, onBack }: { certificate: Certificate; onBack: () => void }) {
  const { clinic, erased, kept, keptNotes } = certificate;
  const at = longWhen(new Date(certificate.erasedAt));
  const [checked, setChecked] = useState<CertificateCheck[] | "failed">();
  useEffect(() => {
    let open = true;
    verifyCertificate(certificate, askNode(chosenNode(certificate.ledger))).then(
      (found) => open && setChecked(found),
      () => open && setChecked("failed"),
    );
    return () => {
      open = false;
    };
  }, [certificate]);
  const prescriptions = erased.records.filter(({ kind }) => kind === "prescription").length;
  const others = erased.records.length - prescriptions - erased.files.length;

  return (
    <PatientFrame title={clinic} width="wide">
      <Button variant="ghost" size="sm" className="-ml-3 text-muted-foreground print:hidden" onClick={onBack}>
        <ArrowLeft aria-hidden="true" />
        My records
      </Button>
      <div className="mt-2 flex flex-wrap items-end justify-between gap-4">
        <div>
          <h1 className="text-calm-title font-bold lg:text-[2.25rem]">Erasure certificate</h1>
          <p className="text-muted-foreground">
            At the request of the patient <span className="font-mono">{pseudonymOf(certificate.patient)}</span>
          </p>
        </div>
        <div className="flex flex-wrap gap-2 print:hidden">
          <Button variant="outline" size="calm" onClick={() => window.print()}>
            <Printer aria-hidden="true" />
            Print
          </Button>
          <Button variant="outline" size="calm" onClick={() => saveCertificate(certificate)}>
            <Download aria-hidden="true" />
            Download evidence
          </Button>
        </div>
      </div>
      <Card calm aria-labelledby="erased" className="mt-6 overflow-hidden p-0! sm:p-0!">
        <div className="flex gap-4 bg-success-soft p-5 sm:px-6">
          <Eraser aria-hidden="true" className="size-9 shrink-0 text-success" />
          <div>
            <h2 id="erased" className="text-lead font-bold">
              {kept.length > 0 || keptNotes ? "Erased, but for what the law keeps" : "Erased"}
            </h2>
            <p className="text-calm-small">{at}</p>
          </div>
        </div>
        <div className="grid gap-6 border-t p-5 sm:grid-cols-2 sm:px-6">
          <section aria-labelledby="gone">
            <h3 id="gone" className="font-semibold">
              What nobody can read any more
            </h3>
            <ul className="mt-2 grid gap-2 text-calm-small">
              <Gone>The visit’s names and its reason</Gone>
              {prescriptions > 0 ? <Gone>{counted(prescriptions, "prescription", "prescriptions")}</Gone> : null}
              {erased.files.length > 0 ? <Gone>{counted(erased.files.length, "file", "files")}</Gone> : null}
              {others > 0 ? <Gone>{counted(others, "other record", "other records")}</Gone> : null}
              {erased.shared > 0 ? <Gone>What was sealed for other doctors</Gone> : null}
              {erased.notes ? <Gone>The doctor’s notes</Gone> : null}
            </ul>
            <p className="mt-3 text-calm-small text-muted-foreground">
              What opens them was destroyed with them. What is left on the ledger tells nothing.
            </p>
          </section>
          <section aria-labelledby="stays">
            <h3 id="stays" className="font-semibold">
              What stays, and why
            </h3>
            <ul className="mt-2 grid gap-2 text-calm-small">
              <Stays>Lines without content: a time, a kind, a fingerprint</Stays>
              <Stays>Your signatures of permission, so that you can prove what you allowed</Stays>
              {kept.map((one) => (
                <Stays key={one.id}>
                  {recordKinds[one.kind]}, until {one.until}: {one.reason}
                </Stays>
              ))}
              {keptNotes ? (
                <Stays>
                  The doctor’s notes, until {keptNotes.until}: {keptNotes.reason}
                </Stays>
              ) : null}
            </ul>
          </section>
        </div>
        <section aria-labelledby="checked" className="border-t p-5 sm:px-6">
          <h3 id="checked" className="font-semibold">
            Checked on this device
          </h3>
          {checked === "failed" ? (
            <p className="mt-2 text-calm-small">The ledger can’t be asked just now. The file can be checked later.</p>
          ) : checked ? (
            <ul className="mt-2 grid gap-2 text-calm-small sm:grid-cols-2">
              {checked.map(({ what, holds }) => (
                <li key={what} className="flex gap-2">
                  {holds ? (
                    <CircleCheck aria-hidden="true" className="mt-0.5 size-5 shrink-0 text-success" />
                  ) : (
                    <CircleX aria-hidden="true" className="mt-0.5 size-5 shrink-0 text-destructive" />
                  )}
                  <span>
                    {holds ? "" : "Does not hold: "}
                    {checkWords[what]}
                  </span>
                </li>
              ))}
            </ul>
          ) : (
            <Loading label="Asking the ledger" className="mt-2" />
          )}
        </section>
        <div className="border-t p-5 sm:px-6">
          <SignatureLine
            name={`${certificate.confirmedBy}, ${clinic}`}
            caption={`Signed ${at} · certificate ${certificate.id.slice(0, 8)}`}
          />
        </div>
      </Card>
      <Alert
        calm
        role="none"
        tone="warning"
        icon={<Scale aria-hidden="true" className="text-warning" />}
        className="mt-5"
        title="What this doesn’t prove"
      >
        That nobody made a copy before. Everyone who opened something is listed under Who looked; ask them. Backups of
        the practice lose it when they are replaced.
      </Alert>
    </PatientFrame>
  );
}

const saveCertificate = (certificate: Certificate) =>
  saveFile(
    new Blob([JSON.stringify(certificate, null, 2)], { type: "application/json" }),
    `erasure-${certificate.id.slice(0, 8)}.json`,
  );

const Gone = ({ children }: { children: ReactNode }) => (
  <li className="flex gap-2">
    <Eraser aria-hidden="true" className="mt-0.5 size-5 shrink-0 text-success" />
    <span className="min-w-0">{children}</span>
  </li>
);

const Stays = ({ children }: { children: ReactNode }) => (
  <li className="flex gap-2">
    <BookLock aria-hidden="true" className="mt-0.5 size-5 shrink-0 text-muted-foreground" />
    <span className="min-w-0">{children}</span>
  </li>
);
