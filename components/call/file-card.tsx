"use client";

import { Download, FileImage, FileText, FileX, RefreshCw, X } from "lucide-react";
import type { ReactNode } from "react";
import { saveCopy } from "@/components/records/preview/save-copy.ts";
import { plainWords, usePlain } from "@/components/records/preview/use-plain.ts";
import { useShown } from "@/components/records/preview/use-shown.ts";
import { Button } from "@/components/ui/button.tsx";
import { cn } from "@/components/ui/cn.ts";
import { Progress } from "@/components/ui/progress.tsx";
import { RecordState, type RecordStateName } from "@/components/ui/record-state.tsx";
import { Spinner } from "@/components/ui/spinner.tsx";
import { clock } from "@/components/ui/times.ts";
import type { Transfer } from "@/lib/call/call-view.browser.ts";
import { canPreview, isPicture, sizeInWords } from "@/lib/call/files.ts";
import { isRefusalCode } from "@/lib/refusal.ts";
import { sentenceOf } from "@/lib/strings/en.ts";

interface FileCardProps {
  file: Transfer;
  /** `Ana`, `Dr. Osei`. */
  name: string;
  calm: boolean;
  /** How far its record is; undefined while that is not known. */
  recordState: RecordStateName | undefined;
  /** It was open until now: the focus goes back to it. */
  left: boolean;
  onCancel: () => void;
  onRetry: () => void;
  onOpen: () => void;
}

/** One file: what it is, how far it has come, and what can be done about it. A failure never blocks the next. */
export function FileCard(props: FileCardProps) {
  const { file, calm, onCancel, onRetry } = props;
  const broken = file.state === "stopped" || file.state === "refused" || file.state === "cancelled";
  const under = file.state === "moving" || file.state === "stopped";
  const out = file.direction === "out";
  const plain = usePlain(file.file, file.type);
  const small = calm ? "text-calm-small" : "text-table";
  const act = cn(calm ? "min-h-12 text-calm-small" : "min-h-10");
  const button = (onClick: () => void, icon: ReactNode, word: string, focused = false) => (
    <Button
      size="sm"
      variant="outline"
      className={cn(act, calm && "grow")}
      // Whoever leaves the file is back where they opened it.
      autoFocus={focused}
      onClick={onClick}
    >
      {icon}
      {word}
    </Button>
  );
  return (
    <li className={cn("rounded-lg border p-3.5", broken ? "border-destructive bg-destructive-soft" : "bg-card")}>
      <div className="flex gap-3">
        <Face file={file} broken={broken} />
        <div className="min-w-0 grow">
          <p className="font-semibold break-words">{file.name}</p>
          <p className={cn("flex flex-wrap items-center justify-between gap-x-3 text-muted-foreground", small)}>
            <span>{words(file, props.name)}</span>
            <Recorded {...props} />
          </p>
          {!broken && plain !== undefined ? (
            <p className={cn("text-muted-foreground", small)}>{plainWords[plain ? "plain" : "told"]}</p>
          ) : null}
        </div>
      </div>
      {under ? (
        <div className="mt-2.5">
          <Progress
            label={`${out ? "Sending" : "Receiving"} ${file.name}`}
            value={file.bytes / file.size}
            stopped={file.state === "stopped"}
            text={spoken(file)}
          />
        </div>
      ) : null}
      <div className={cn("flex flex-wrap gap-2", "not-empty:mt-2.5")}>
        {file.state === "arrived" && file.file && !out && canPreview(file.type)
          ? button(props.onOpen, null, "Open", props.left)
          : null}
        {file.state === "arrived" && file.file && !out
          ? button(() => saveCopy(file.file!, file.name), <Download aria-hidden="true" />, "Save a copy")
          : null}
        {out &&
        (file.state === "stopped" || file.why === "damaged" || file.why === "memory" || file.recording.is === "failed")
          ? button(onRetry, <RefreshCw aria-hidden="true" />, "Retry")
          : null}
        {file.state === "moving" || file.state === "waiting" || file.state === "asking"
          ? button(onCancel, <X aria-hidden="true" />, "Cancel")
          : null}
        {broken ? (
          <Button size="sm" variant="ghost" className={act} onClick={onCancel}>
            {file.state === "stopped" ? "Cancel" : "Remove"}
          </Button>
        ) : null}
      </div>
    </li>
  );
}

function Recorded({ file, calm, recordState }: FileCardProps) {
  if (file.recording.is === "under-way" && file.state === "arrived") {
    return (
      <span className="inline-flex items-center gap-1.5">
        <Spinner />
        being recorded
      </span>
    );
  }
  if (file.recording.is !== "recorded") return null;
  // Our own was just kept; what the other side says of theirs counts once it is among the visit's records.
  const state = recordState ?? (file.direction === "out" ? "saved" : undefined);
  if (!state) return null;
  return <RecordState state={state} className={calm ? "text-calm-small" : undefined} />;
}

function Face({ file, broken }: { file: Transfer; broken: boolean }) {
  const { url } = useShown(file.file && isPicture(file.type) ? file.file : undefined);
  if (url && !broken) {
    return (
      <span className="relative block size-14 shrink-0 overflow-hidden rounded-md bg-muted">
        {/* biome-ignore lint/performance/noImgElement: a blob of this page, nothing to optimize */}
        <img src={url} alt="" className="absolute inset-0 size-full object-cover" />
      </span>
    );
  }
  const Icon = broken ? FileX : isPicture(file.type) ? FileImage : FileText;
  return (
    <Icon aria-hidden="true" className={cn("mt-0.5 size-6 shrink-0", broken ? "text-destructive" : "text-primary")} />
  );
}

const reasons = {
  type: "Not sent: a file of this kind can run as a program.",
  size: "Not sent: it is empty or larger than 1 GB.",
  memory: "Not sent: the other device has no room for it.",
  full: "Not sent: this visit has no room for it.",
  "not-allowed": "Not sent: it was not allowed.",
  damaged: "Something was lost on the way, so it was not kept.",
} as const;

function words(file: Transfer, name: string): string {
  const out = file.direction === "out";
  const at = clock(new Date(file.at));
  const size = sizeInWords(file.size);
  if (file.recording.is === "failed" && file.state === "arrived") {
    const { code } = file.recording;
    return `It arrived but is not recorded. ${sentenceOf(isRefusalCode(code) ? code : "server.broke")}`;
  }
  switch (file.state) {
    case "asking":
      return `${name} is asked first. It is sent after the yes.`;
    case "waiting":
      return `${size}, waits its turn`;
    case "moving":
      return `${sizeInWords(file.bytes)} of ${size}${left(file)}`;
    case "stopped":
      return `Stopped at ${sizeInWords(file.bytes)} of ${size}: the line dropped. What was sent is kept.`;
    case "cancelled":
      return out ? `${name} cancelled it.` : `${name} cancelled it. Nothing was kept.`;
    case "refused":
      if (file.why === "not-allowed" && file.recording.is === "failed") {
        return file.recording.code === "consent.kind-not-allowed"
          ? `${name} said no. It was not sent.`
          : reasons["not-allowed"];
      }
      return file.room ? `${reasons.full} ${roomInWords(file.room)}` : reasons[file.why ?? "damaged"];
    case "arrived":
      return `${out ? "To" : "From"} ${name}, ${size}, ${at}`;
  }
}

const roomInWords = ({ files, bytes }: NonNullable<Transfer["room"]>): string =>
  files === 0 || bytes < 1_000
    ? "As much as it may hold is here from your side."
    : `Left for your side: ${files === 1 ? "one file" : `${files} files`}, ${sizeInWords(bytes)} in all.`;

const left = ({ secondsLeft }: Transfer) =>
  secondsLeft === undefined
    ? ""
    : secondsLeft < 90
      ? `, about ${secondsLeft} seconds left`
      : `, about ${Math.round(secondsLeft / 60)} minutes left`;
const spoken = (file: Transfer) => {
  const percent = Math.round((file.bytes / file.size) * 100);
  return file.state === "stopped" ? `stopped at ${percent} percent` : `${percent} percent${left(file)}`;
};
