"use client";

import { Ban, Replace } from "lucide-react";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { Alert } from "@/components/ui/alert.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Field, focusFirstWrong } from "@/components/ui/field.tsx";
import { Textarea } from "@/components/ui/textarea.tsx";
import type { Prescription } from "@/lib/records/prescription.ts";
import type { RecordView } from "@/lib/records/record.ts";
import { wordsFor } from "@/lib/strings/apart.ts";
import { openChecked } from "../open-record.ts";
import { aboutOf, type Opening } from "../use-opened.ts";
import { isGood } from "./became.tsx";
import type { TakenBack } from "./take-back.ts";

/** What the doctor who signed may do about their prescriptions. */
export interface DoctorsHand {
  takeBack: (what: TakenBack) => Promise<void>;
  /** Begins a prescription in its place; only while the visit runs. */
  replace?: ((record: RecordView, prescription: Prescription) => void) | undefined;
  /** The other records of the visit. */
  records: readonly RecordView[];
}

/** **Cancel** and **Replace**, while a pharmacy could give it out. */
export function DoctorActions(props: { record: RecordView; prescription: Prescription; hand: DoctorsHand }) {
  const { record, prescription, hand } = props;
  const { replace } = hand;
  const [asking, setAsking] = useState(false);
  if (asking) return <CancelQuestion {...props} onKeep={() => setAsking(false)} />;
  return (
    <>
      {replace ? (
        <Button variant="outline" className="min-h-11" onClick={() => replace(record, prescription)}>
          <Replace aria-hidden="true" />
          Replace
        </Button>
      ) : null}
      <Button variant="danger" className="min-h-11" onClick={() => setAsking(true)}>
        <Ban aria-hidden="true" />
        Cancel prescription
      </Button>
    </>
  );
}

function CancelQuestion({
  record,
  prescription,
  hand,
  onKeep,
}: {
  record: RecordView;
  prescription: Prescription;
  hand: DoctorsHand;
  onKeep: () => void;
}) {
  const form = useRef<HTMLFormElement>(null);
  const [reason, setReason] = useState("");
  const [wrong, setWrong] = useState(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>();
  const cancel = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    if (reason.trim() === "") {
      setWrong(true);
      return focusFirstWrong(form.current);
    }
    setBusy(true);
    setFault(undefined);
    try {
      await hand.takeBack({ record: record.id, prescription, reason: reason.trim(), replacedBy: null });
    } catch (why) {
      setFault(why);
    }
    setBusy(false);
  };
  return (
    <form ref={form} className="grid w-full gap-3 rounded-lg border p-4" noValidate onSubmit={cancel}>
      <Field
        label="Why is it cancelled?"
        hint="The patient reads it, and so does a pharmacy. It can’t be undone."
        error={wrong && reason.trim() === "" ? "A few words, such as: an allergy." : null}
      >
        <Textarea
          name="reason"
          rows={2}
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </Field>
      {fault ? (
        <Alert tone="danger" role="alert" title="Not cancelled">
          {wordsFor(fault)}
        </Alert>
      ) : null}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="stop" className="min-h-11" busy={busy}>
          Cancel prescription
        </Button>
        <Button variant="outline" className="min-h-11" onClick={onKeep}>
          Keep it
        </Button>
      </div>
    </form>
  );
}

/** A prescription that stands in for another ends that one: when it is signed, or when its doctor sees it next. */
export function useReplacing(
  prescription: Prescription | undefined,
  record: RecordView,
  opening: Opening | null,
  hand: DoctorsHand | undefined,
): void {
  const newest = useRef({ opening, hand });
  newest.current = { opening, hand };
  const old = hand?.records.find(({ id }) => id === prescription?.replaces);
  const replaced = old && isGood(old.slip) ? old.id : null;
  const replacedBy = record.id;
  useEffect(() => {
    const { opening: by, hand: own } = newest.current;
    if (!replaced || !own || !by?.keys) return;
    const life = new AbortController();
    openChecked({ ...aboutOf(by, by.keys), id: replaced, signal: life.signal })
      .then(async ({ content }) => {
        if (content.kind !== "prescription" || life.signal.aborted) return;
        await own.takeBack({ record: replaced, prescription: content, reason: REPLACED, replacedBy });
      })
      .catch(() => {}); // tried again when it is seen next; the row says that it still stands
    return () => life.abort();
  }, [replaced, replacedBy]);
}
const REPLACED = "Replaced by another prescription";
