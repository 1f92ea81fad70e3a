"use client";

import { Ban, CircleCheck, FileText, MessageCircleQuestionMark } from "lucide-react";
import { useCallback, useEffect, useState } from "react";
import { shortName } from "@/components/consent/names.ts";
import { Alert } from "@/components/ui/alert.tsx";
import { Answers, type Sending } from "@/components/ui/answers.tsx";
import { Button } from "@/components/ui/button.tsx";
import { DecisionSheet } from "@/components/ui/decision-sheet.tsx";
import { RecordState } from "@/components/ui/record-state.tsx";
import { Loading, Skeleton } from "@/components/ui/skeleton.tsx";
import { clock } from "@/components/ui/times.ts";
import type { KeyCard } from "@/lib/auth/person.ts";
import { sizeInWords } from "@/lib/call/files.ts";
import type { ConsentView } from "@/lib/consent/grant.ts";
import { digestOf } from "@/lib/consent/typed-data.ts";
import type { Keys } from "@/lib/keyring/keyring.ts";
import { adopt } from "@/lib/ledger/keep.ts";
import { shelf } from "@/lib/ledger/shelf.browser.ts";
import type { LedgerOfFile } from "@/lib/ledger/submission.ts";
import { answerAsk } from "@/lib/records/api.ts";
import type { Content } from "@/lib/records/content.ts";
import { medicinesOf } from "@/lib/records/prescription.ts";
import type { AskView } from "@/lib/records/record.ts";
import { Refusal } from "@/lib/refusal.ts";
import { wordsFor } from "@/lib/strings/en.ts";
import { ask as askServer } from "@/lib/wire.ts";
import { NotWhatWasSigned, openChecked } from "./open-record.ts";
import { PrescriptionInWords } from "./prescription-lines.tsx";
import type { Records } from "./use-records.ts";

interface AskCardProps {
  visitId: string;
  ask: AskView;
  consent: ConsentView;
  keys: Keys;
  ledger: LedgerOfFile;
  clinician: { name: string; key: KeyCard };
  /** The visit's records, live, as the room already reads them. */
  records: Records;
  /** The person has read the outcome and goes back to the visit. */
  onDone: () => void;
}

/**
 * The patient's decision about exactly one thing. Stands beside the picture (below it on a phone), never over it. It opens
 * the content itself, and what it signs is an id made anew in this browser from what the doctor signed.
 */
export function AskCard(props: AskCardProps) {
  const { visitId, ask, keys, ledger, consent, clinician, records } = props;
  const doctor = shortName(clinician.name);
  const [content, setContent] = useState<Content | undefined>();
  const [fault, setFault] = useState<unknown>();
  const [sending, setSending] = useState<Sending>();
  const [answered, setAnswered] = useState<AskView | undefined>();
  const [tries, setTries] = useState(0);

  useEffect(() => {
    void tries;
    const life = new AbortController();
    setFault(undefined);
    openChecked({
      visitId,
      id: ask.id,
      keys,
      consent: consent.id,
      recipients: [keys.recipient, clinician.key.recipient],
      authors: [clinician.key.signer],
      signal: life.signal,
    })
      .then((opened) => setContent(opened.content))
      .catch((why) => life.signal.aborted || setFault(why));
    return () => life.abort();
  }, [visitId, ask.id, keys, consent.id, clinician.key, tries]);

  const reload = records.reload;
  const answer = useCallback(
    async (yes: boolean) => {
      setSending(yes ? "yes" : "no");
      setFault(undefined);
      const approval = yes ? await keys.sign(digestOf("Approval", { record: ask.id }, ledger)) : null;
      try {
        const { record, ...state } = await askServer(answerAsk, { visitId, id: ask.id, approval });
        // A yes brings the doctor's signature: only now is the record whole, and this browser remembers it.
        if (yes && record?.id !== ask.id) throw new Refusal("server.broke");
        if (record) await adopt(shelf, { visitId, ledger, consent, records: [record] });
        setAnswered(state);
      } catch (why) {
        setFault(why);
      }
      setSending(undefined);
      reload();
    },
    [keys, ask.id, ledger, consent, visitId, reload],
  );

  const final = answered ?? (ask.state === "open" ? undefined : ask);
  if (final?.state === "approved" || final?.state === "refused") {
    return <Answered {...props} answered={final} what={content} doctor={doctor} />;
  }
  if (final?.state === "withdrawn") {
    return (
      <DecisionSheet label="The question was taken back">
        <div role="status">
          <h2 className="text-lead font-bold">{doctor} took the question back</h2>
          <p className="mt-1 text-calm-small text-muted-foreground">You don’t need to do anything.</p>
        </div>
        <Button size="calm" className="mt-4 w-full" onClick={props.onDone}>
          Back to the visit
        </Button>
      </DecisionSheet>
    );
  }

  const forged = fault instanceof NotWhatWasSigned;
  return (
    <DecisionSheet label={ask.kind === "file-share" ? "File to approve" : "Prescription to approve"}>
      <p className="inline-flex items-center gap-2 rounded-full bg-attention px-3 py-1 text-calm-small font-semibold text-attention-foreground">
        <MessageCircleQuestionMark aria-hidden="true" className="size-5 shrink-0" />
        {doctor} asks you
      </p>
      <h2 className="mt-3 text-lead font-bold">{question(ask)}</h2>
      {content ? (
        <Shown content={content} />
      ) : forged ? (
        <Alert calm tone="danger" role="alert" className="mt-3" title={`This is not what ${doctor} signed`}>
          It was changed on its way, so we don’t show it. Please refuse it and tell {doctor}.
        </Alert>
      ) : fault ? (
        <Alert calm tone="warning" className="mt-3" title="We couldn’t open it yet">
          <p>{wordsFor(fault)}</p>
          <Button variant="outline" size="calm" className="mt-3" onClick={() => setTries(tries + 1)}>
            Try again
          </Button>
        </Alert>
      ) : (
        <Loading
          label={ask.kind === "file-share" ? "Opening the file’s details" : "Opening the prescription"}
          slow="Your line is slow. We are fetching it."
          className="mt-3"
        >
          <Skeleton className="h-7 w-3/4" />
          <Skeleton className="mt-4 h-5 w-full" />
          <Skeleton className="mt-4 h-5 w-full" />
        </Loading>
      )}
      <div className="@container mt-3 border-t pt-4">
        {content && fault ? (
          <Alert calm tone="danger" role="alert" className="mb-3" title="Your answer didn’t arrive">
            {wordsFor(fault)}
          </Alert>
        ) : null}
        <Answers no="Refuse" yes="Approve" sending={sending} onlyNo={!content} onAnswer={answer}>
          {ask.kind === "file-share"
            ? "Approving signs for this file only. If you refuse, it is not shared."
            : "Approving signs this prescription only. If you refuse, it is not prescribed."}
        </Answers>
      </div>
    </DecisionSheet>
  );
}

const question = (ask: AskView): string =>
  ask.kind === "file-share" ? "May this file be shared with you?" : "May this prescription be recorded?";

function Shown({ content }: { content: Content }) {
  if (content.kind === "prescription") {
    return (
      <div className="mt-3">
        <PrescriptionInWords prescription={content} named />
      </div>
    );
  }
  if (content.kind === "file-share") {
    return (
      <p className="mt-3 flex gap-3">
        <FileText aria-hidden="true" className="mt-0.5 size-7 shrink-0 text-primary" />
        <span className="min-w-0">
          <span className="block text-lead font-semibold break-words">{content.name}</span>
          <span className="text-calm-small text-muted-foreground">{sizeInWords(content.size)}</span>
        </span>
      </p>
    );
  }
  return null;
}

function Answered(props: AskCardProps & { answered: AskView; what: Content | undefined; doctor: string }) {
  const { answered, what, doctor } = props;
  const yes = answered.state === "approved";
  const isFile = answered.kind === "file-share";
  const at = answered.answeredAt ? clock(new Date(answered.answeredAt)) : "";
  const name = what?.kind === "prescription" ? medicinesOf(what) : what?.kind === "file-share" ? what.name : undefined;
  const record = props.records.records?.find((one) => one.id === answered.id);
  const title = yes
    ? isFile
      ? "You approved. It is shared"
      : "You approved. It is prescribed"
    : isFile
      ? "You refused. It is not shared"
      : "You refused. It is not prescribed";
  return (
    <DecisionSheet label={yes ? "You approved" : "You refused"}>
      <div role="status">
        {yes ? (
          <CircleCheck aria-hidden="true" className="size-8 text-primary" />
        ) : (
          <Ban aria-hidden="true" className="size-8 text-primary" />
        )}
        <h2 className="mt-2 text-lead font-bold">{title}</h2>
        <p className="mt-1 text-calm-small break-words text-muted-foreground">
          {[name, at].filter(Boolean).join(", ")}
        </p>
        <p className="mt-3">
          {yes
            ? "You find it in this visit’s summary."
            : `${doctor} knows. The visit goes on; you can talk about it. If you change your mind, ${doctor} can ask again.`}
        </p>
      </div>
      <p className="mt-4 flex flex-wrap items-center justify-between gap-x-4 rounded-lg bg-muted px-4 py-3 text-calm-small">
        <span>{yes ? "Recorded with your approval" : `Noted: ${doctor} asked, you refused`}</span>
        {yes && <RecordState state={record?.ledger ?? "saved"} className="text-calm-small" />}
      </p>
      <Button size="calm" className="mt-4 w-full" onClick={props.onDone}>
        Back to the visit
      </Button>
    </DecisionSheet>
  );
}
