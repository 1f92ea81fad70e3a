"use client";

import { Ban, CircleAlert, CircleHelp, Eraser, Eye, FileText, Hand, Pill, ScrollText, Video } from "lucide-react";
import type { ReactNode } from "react";
import { Alert } from "@/components/ui/alert.tsx";
import { Button } from "@/components/ui/button.tsx";
import { cn } from "@/components/ui/cn.ts";
import { leastFar, RecordState } from "@/components/ui/record-state.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { capital } from "@/components/ui/text.ts";
import { clock, day, fromSeconds } from "@/components/ui/times.ts";
import { sizeInWords } from "@/lib/call/files.ts";
import type { Content } from "@/lib/records/content.ts";
import { medicinesOf } from "@/lib/records/prescription.ts";
import type { AskView, RecordView } from "@/lib/records/record.ts";
import { wordsFor } from "@/lib/strings/apart.ts";
import { wordsForContract } from "@/lib/strings/ledger.ts";
import type { LedgerState } from "@/lib/wire.ts";
import { FileActions } from "./file-actions.tsx";
import { NotWhatWasSigned } from "./open-record.ts";
import type { DoctorsHand } from "./paper/doctor-actions.tsx";
import { Prescribed } from "./paper/prescribed.tsx";
import { type Opening, type Reading, type SharedOpening, useOpened } from "./use-opened.ts";

export interface Reader {
  /** Patients' size. */
  calm: boolean;
  /** How this reader calls the two people: "you", "Dr. Osei", "Ana". */
  patient: string;
  clinician: string;
}

/** What was recorded in a visit, each with its live state. */
export function RecordRows({
  records,
  asks,
  opening,
  reader,
  hand,
}: {
  records: readonly RecordView[];
  asks: readonly AskView[];
  opening: Opening;
  reader: Reader;
  /** Where the reader is the doctor who signed. */
  hand?: DoctorsHand | undefined;
}) {
  const { consent } = opening;
  const sessions = records.filter((one) => one.kind === "session-start" || one.kind === "session-end");
  const others = records.filter((one) => !sessions.includes(one));
  const refused = asks.filter((one) => one.state === "refused");
  return (
    <ul className="@container mt-4">
      <Row
        calm={reader.calm}
        icon={<ScrollText aria-hidden="true" />}
        title={reader.calm ? "Your permission" : "Permission"}
        text={`Signed by ${reader.patient}, ${clock(new Date(consent.grantedAt))}`}
        state={consent.ledger}
      />
      {sessions.length > 0 && <SessionRow records={sessions} calm={reader.calm} />}
      {others.map((record) => (
        <ContentRow key={record.id} record={record} opening={opening} reader={reader} hand={hand} />
      ))}
      {refused.map((one) => (
        <Row
          key={one.id}
          calm={reader.calm}
          icon={<CircleHelp aria-hidden="true" />}
          title={one.kind === "file-share" ? "A file, not shared" : "A prescription, not prescribed"}
          text={`${capital(reader.clinician)} asked ${clock(new Date(one.askedAt))}, ${reader.patient} refused${one.answeredAt ? ` ${clock(new Date(one.answeredAt))}` : ""}`}
        />
      ))}
      {consent.revokedAt && (
        <Row
          calm={reader.calm}
          icon={<Hand aria-hidden="true" />}
          title="Permission taken back"
          text={`Signed by ${reader.patient}, ${clock(new Date(consent.revokedAt))}`}
          {...(consent.revocation ? { state: consent.revocation } : {})}
        />
      )}
    </ul>
  );
}

function SessionRow({ records, calm }: { records: readonly RecordView[]; calm: boolean }) {
  const start = records.find((one) => one.kind === "session-start");
  const end = records.find((one) => one.kind === "session-end");
  const times = [start && clock(fromSeconds(start.signedAt)), end && clock(fromSeconds(end.signedAt))];
  const when = start && end ? times.join(" to ") : start ? `Began ${times[0]}` : `Ended ${times[1]}`;
  return (
    <Row
      calm={calm}
      icon={<Video aria-hidden="true" />}
      title="Video session"
      text={`${when}, without sound or picture`}
      state={leastFar(records.map((one) => one.ledger))}
    />
  );
}

interface ContentRowProps {
  record: RecordView;
  opening: Opening | SharedOpening;
  reader: Reader;
  hand?: DoctorsHand | undefined;
}

/** One prescription or file, opened at once; or that it was erased. */
export function ContentRow(props: ContentRowProps) {
  const { record, reader } = props;
  if (record.erased) return <ErasedRow {...props} />;
  if (record.kind !== "prescription-cancelled") return <OpenedRow {...props} />;
  // Why is said where the prescription is.
  return (
    <Row
      calm={reader.calm}
      icon={<Ban aria-hidden="true" />}
      title="Prescription cancelled"
      text={`Signed by ${reader.clinician}, ${clock(fromSeconds(record.signedAt))}`}
      state={record.ledger}
    />
  );
}

function ErasedRow({ record, reader }: ContentRowProps) {
  return (
    <Row
      calm={reader.calm}
      icon={<Eraser aria-hidden="true" />}
      title={titleOf(record, undefined)}
      text={`Erased at ${reader.patient === "you" ? "your" : "the patient’s"} wish. Nobody can read it any more.`}
      state={record.ledger}
    />
  );
}

function OpenedRow({ record, opening, reader, hand }: ContentRowProps) {
  const { reading, open } = useOpened(opening, record.id);
  const content = reading.is === "open" ? reading.opened.content : undefined;
  const isFile = record.kind === "file-share";
  const author = record.byPatient ? reader.patient : reader.clinician;
  const approved = record.approval ? `, approved by ${reader.patient}` : "";
  return (
    <Row
      calm={reader.calm}
      icon={isFile ? <FileText aria-hidden="true" /> : <Pill aria-hidden="true" />}
      title={titleOf(record, content)}
      text={`${isFile ? "Sent" : "Signed"} by ${author}, ${clock(fromSeconds(record.signedAt))}${approved}`}
      state={record.ledger}
    >
      <Body record={record} reading={reading} open={open} opening={opening} reader={reader} hand={hand} />
      {record.reason && (
        <p className="mt-1 flex gap-2 text-table text-warning">
          <CircleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
          The ledger holds it back. {wordsForContract(record.reason)}
        </p>
      )}
    </Row>
  );
}

function Body({
  record,
  reading,
  open,
  opening,
  reader: { calm, patient },
  hand,
}: {
  record: RecordView;
  hand: DoctorsHand | undefined;
  reading: Reading;
  open: () => void;
  opening: Opening | SharedOpening;
  reader: Reader;
}) {
  const again = (words: string) => (
    <Button
      variant="outline"
      size={calm ? "calm" : "default"}
      className={calm ? "mt-2 px-4" : "mt-2 min-h-11"}
      onClick={open}
    >
      <Eye aria-hidden="true" />
      {words}
    </Button>
  );
  if (reading.is === "opening") return <Skeleton className="mt-2 h-6 w-full max-w-72 appear-late" />;
  if (reading.is === "closed") return null;
  if (reading.is === "failed") {
    const forged = reading.fault instanceof NotWhatWasSigned;
    return (
      <div className="mt-2">
        <Alert
          calm={calm}
          tone={forged ? "danger" : "warning"}
          title={forged ? "This is not what was signed" : "It didn’t open"}
        >
          {forged ? "It was changed where it is kept, so we don’t show it." : wordsFor(reading.fault)}
        </Alert>
        {forged ? null : again("Try again")}
      </div>
    );
  }
  const { content } = reading.opened;
  if (content.kind === "prescription")
    return <Prescribed record={record} prescription={content} opening={opening} calm={calm} hand={hand} />;
  if (content.kind === "file-share" && opening.keys) {
    const since = "consent" in opening ? new Date(opening.consent.grantedAt) : undefined;
    const permission = `${patient}’s permission${since ? ` of ${day(since)}, ${clock(since)}` : ""}`;
    const looked = `Opened now under ${permission}. ${capital(patient)} sees that you looked.`;
    return (
      <>
        <p className="text-muted-foreground">{sizeInWords(content.size)}</p>
        <FileActions
          visitId={opening.visitId}
          file={content}
          looked={calm ? undefined : looked}
          calm={calm}
          {...("blobPath" in opening && { path: opening.blobPath(content.blob) })}
        />
      </>
    );
  }
  return null;
}

function titleOf(record: RecordView, content: Content | undefined): string {
  if (content?.kind === "prescription") return `Prescription: ${medicinesOf(content)}`;
  if (content?.kind === "file-share") return content.name;
  return (
    { prescription: "Prescription", "prescription-cancelled": "Prescription cancelled", "file-share": "File" }[
      record.kind as "prescription"
    ] ?? "Record"
  );
}

function Row(props: {
  calm: boolean;
  icon: ReactNode;
  title: string;
  text: string;
  state?: LedgerState;
  children?: ReactNode;
}) {
  const { calm } = props;
  return (
    <li className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 border-t py-4 first:border-0 first:pt-0 @min-[30rem]:grid-cols-[auto_minmax(0,1fr)_9.5rem]">
      <span className="mt-0.5 text-muted-foreground [&>svg]:size-6">{props.icon}</span>
      <div className={cn("min-w-0", calm ? "text-calm-small" : "text-table")}>
        <p className={cn("font-semibold break-words", calm ? "text-calm" : "text-body")}>{props.title}</p>
        <p className="text-muted-foreground">{props.text}</p>
      </div>
      {props.state && (
        <p className="col-start-2 mt-1 @min-[30rem]:col-start-3 @min-[30rem]:mt-0 @min-[30rem]:justify-self-end">
          <RecordState state={props.state} className={calm ? "text-calm-small" : undefined} />
        </p>
      )}
      {props.children && (
        <div className={cn("col-start-2 min-w-0", calm ? "text-calm-small" : "text-table")}>{props.children}</div>
      )}
    </li>
  );
}
