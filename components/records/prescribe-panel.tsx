"use client";

import { CircleCheck, MessageCircleQuestionMark, PenLine, Replace } from "lucide-react";
import { useEffect, useId, useState } from "react";
import { firstName } from "@/components/consent/names.ts";
import { Alert } from "@/components/ui/alert.tsx";
import { Button } from "@/components/ui/button.tsx";
import { SignatureLine } from "@/components/ui/signature-line.tsx";
import { clock, fromSeconds } from "@/components/ui/times.ts";
import { type ConsentView, choiceFor } from "@/lib/consent/grant.ts";
import type { Keys } from "@/lib/keyring/keyring.ts";
import type { Item } from "@/lib/records/fhir.ts";
import { itemsOf, medicinesOf, newPrescription, type Prescription } from "@/lib/records/prescription.ts";
import { Refusal } from "@/lib/refusal.ts";
import { wordsFor } from "@/lib/strings/apart.ts";
import { draftOf, draftOfItem, emptyDraft, keepDraft } from "./draft.ts";
import { takeBack } from "./paper/take-back.ts";
import { PatientNoted } from "./patient-noted.tsx";
import { Asked, Panel, Waiting, WaysOn, What } from "./prescribe-parts.tsx";
import { useStage } from "./prescribing.ts";
import { PrescriptionForm } from "./prescription-form.tsx";
import type { Recorder } from "./recorder.ts";
import { SignedHere } from "./signed-here.tsx";
import type { Opening } from "./use-opened.ts";
import type { Records } from "./use-records.ts";

interface PrescribePanelProps {
  visitId: string;
  /** As the patient calls themselves; null when they told no name. */
  patientName: string | null;
  clinicianName: string;
  consent: ConsentView;
  /** With what prescriptions of this visit are opened again. */
  opening: Opening & { keys: Keys };
  recorder: Recorder;
  /** The visit's records, live, as the room already reads them. */
  records: Records;
  onClose: () => void;
}

/**
 * Fills a side panel: a part that scrolls and a foot with its buttons. What is written and how far it went survive a closed
 * panel, since both live beside it.
 */
export function PrescribePanel(props: PrescribePanelProps) {
  const { visitId, records, recorder } = props;
  const who = props.patientName ? firstName(props.patientName) : "The patient";
  const [draft, setDraft] = useState(() => draftOf(visitId));
  const [stage, go] = useStage(visitId);
  const formId = useId();

  const write = (next: typeof draft) => {
    keepDraft(visitId, next);
    setDraft(next);
  };

  const sign = async (items: Item[]) => {
    const prescription = newPrescription({
      items,
      patient: props.patientName ?? "",
      clinician: props.clinicianName,
      now: new Date(),
      replaces: draft.replaces?.id ?? null,
    });
    go({ is: "signing", prescription });
    try {
      const outcome = await recorder.prescribe(prescription);
      const at = new Date().toISOString();
      const id = outcome.is === "asked" ? outcome.ask.id : outcome.record.id;
      go({ is: outcome.is === "asked" ? "asked" : "signed", id, at, prescription });
      records.reload();
    } catch (fault) {
      go({ is: "failed", prescription, fault, at: new Date().toISOString() });
    }
  };

  const withdraw = async (id: string, prescription?: Prescription) => {
    try {
      await recorder.withdraw(id);
      go({ is: "writing" });
    } catch (fault) {
      const late = fault instanceof Refusal && fault.code === "ask.not-open";
      if (prescription && !late) go({ is: "failed", prescription, fault, at: new Date().toISOString() });
    }
    records.reload();
  };

  const startAnew = () => {
    write(emptyDraft());
    go({ is: "writing" });
  };

  const { opening } = props;
  const signedHere = (
    <SignedHere
      opening={opening}
      patient={who}
      hand={{
        records: records.records ?? [],
        takeBack: (what) => takeBack(what, { ...opening, recorder }).finally(records.reload),
        replace: (record, prescription) => {
          const items = itemsOf(prescription).map(draftOfItem);
          write({ items, replaces: { id: record.id, name: medicinesOf(prescription) } });
          go({ is: "writing" });
        },
      }}
    />
  );

  // The answer to a question comes with the records.
  const question = stage.is === "asked" ? records.asks.find((one) => one.id === stage.id) : undefined;
  const answer = question?.state;
  const answeredAt = question?.answeredAt ?? null;
  useEffect(() => {
    if (stage.is !== "asked" || answer === undefined || answer === "open") return;
    const at = answeredAt ?? stage.at;
    if (answer === "withdrawn") return go({ is: "writing" });
    go({ ...stage, is: answer === "approved" ? "signed" : "refused", at });
  }, [stage, answer, answeredAt, go]);

  switch (stage.is) {
    case "asked":
      return (
        <Asked who={who} at={stage.at} onTakeBack={() => withdraw(stage.id, stage.prescription)}>
          <What title="What you asked for" prescription={stage.prescription} />
        </Asked>
      );
    case "signed": {
      const record = records.records?.find((one) => one.id === stage.id);
      return (
        <Panel
          key="signed"
          foot={
            <>
              <Button className="min-h-12 grow" onClick={startAnew}>
                Write another
              </Button>
              <Button variant="ghost" className="min-h-12" onClick={props.onClose}>
                Close
              </Button>
            </>
          }
        >
          <Alert tone="success" title="Prescription signed">
            {record?.approval
              ? `${who} approved it at ${clock(new Date(stage.at))}.`
              : `${who} can see it in this visit’s records.`}
          </Alert>
          <SignatureLine
            name={props.clinicianName}
            caption={`Signed in this browser, ${clock(record ? fromSeconds(record.signedAt) : new Date(stage.at))}`}
          />
          {record ? signedHere : <What title="What is prescribed" prescription={stage.prescription} />}
        </Panel>
      );
    }
    case "refused":
      return (
        <Panel
          key="refused"
          foot={
            <>
              <Button className="min-h-12 grow" onClick={() => go({ is: "writing" })}>
                Change it
              </Button>
              <Button variant="outline" className="min-h-12 grow" onClick={startAnew}>
                Leave it
              </Button>
            </>
          }
        >
          <Alert
            tone="quiet"
            icon={<CircleCheck aria-hidden="true" />}
            title={`${who} refused this prescription, ${clock(new Date(stage.at))}`}
          >
            It is not prescribed. Nothing is wrong with your signature or the line.
          </Alert>
          <What title="What was refused" prescription={stage.prescription} />
          <p className="text-table text-muted-foreground">That you asked, and the answer, are on the audit log.</p>
        </Panel>
      );
    case "failed":
      if (stage.fault instanceof Refusal && stage.fault.code === "consent.kind-not-allowed") {
        return (
          <Panel
            key="not-allowed"
            foot={
              <>
                <Button className="min-h-12 grow" onClick={() => go({ is: "writing" })}>
                  Back to what you wrote
                </Button>
                <Button variant="ghost" className="min-h-12" onClick={startAnew}>
                  Discard
                </Button>
              </>
            }
          >
            <Alert tone="danger" role="alert" title={`Refused: ${who} doesn’t allow prescriptions in this visit`}>
              Nothing was recorded. The server said no, and the ledger would too; the refusal itself is on the audit
              log, {clock(new Date(stage.at))}.
            </Alert>
            <What
              title="What you wrote is kept"
              note="Here only, until the visit ends."
              prescription={stage.prescription}
            />
            <WaysOn who={who} />
          </Panel>
        );
      }
      break;
    default:
  }

  // A question from before this page was reloaded.
  const open = records.asks.find((one) => one.kind === "prescription" && one.state === "open");
  if (open && stage.is === "writing") {
    return <Asked who={who} at={open.askedAt} onTakeBack={() => withdraw(open.id)} />;
  }

  const choice = choiceFor(props.consent.consent.scopes, "prescription");
  const signing = stage.is === "signing";
  return (
    <Panel
      key="writing"
      foot={
        <>
          <Button type="submit" form={formId} busy={signing} className="min-h-12 grow">
            {signing ? null : <PenLine aria-hidden="true" />}
            Sign prescription
          </Button>
          <Button variant="ghost" className="min-h-12" onClick={props.onClose}>
            Cancel
          </Button>
        </>
      }
    >
      <PrescriptionForm id={formId} draft={draft} onDraft={write} onSign={(items) => !signing && sign(items)}>
        <h2 className="text-[1.125rem] font-semibold">
          {props.patientName ? `Prescription for ${props.patientName}` : "Prescription"}
        </h2>
        <PatientNoted visitId={visitId} patient={props.consent.consent.patient} keys={opening.keys} />
        {draft.replaces && (
          <Alert role="none" icon={<Replace aria-hidden="true" />} className="p-3">
            <p>Replaces {draft.replaces.name}, which is cancelled once this one is signed.</p>
            <Button
              variant="outline"
              size="sm"
              className="mt-2 min-h-11"
              onClick={() => write({ ...draft, replaces: null })}
            >
              Don’t replace it
            </Button>
          </Alert>
        )}
        {stage.is === "failed" && (
          <Alert tone="danger" role="alert" title="Not signed">
            {wordsFor(stage.fault)} What you wrote is kept.
          </Alert>
        )}
        {choice === "ask" && (
          <Alert role="none" icon={<MessageCircleQuestionMark aria-hidden="true" />} className="p-3">
            {who} asked to approve each prescription, and will see exactly what you write here.
          </Alert>
        )}
        {choice === "deny" && (
          <Alert role="none" tone="warning" className="p-3">
            {who} doesn’t allow prescriptions in this visit. The ledger will refuse one.
          </Alert>
        )}
      </PrescriptionForm>
      {signedHere}
      <Waiting signing={signing} held={records.asks.some((one) => one.state === "open")} who={who} />
    </Panel>
  );
}
