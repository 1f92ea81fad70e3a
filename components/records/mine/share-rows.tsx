"use client";

import { FileImage, FileText, Pill } from "lucide-react";
import { shortName } from "@/components/consent/names.ts";
import { day, fromSeconds } from "@/components/ui/times.ts";
import { isPicture } from "@/lib/call/files.ts";
import type { Content } from "@/lib/records/content.ts";
import { medicinesOf } from "@/lib/records/prescription.ts";
import type { RecordView } from "@/lib/records/record.ts";
import { useOpened } from "../use-opened.ts";
import { openingOf } from "./things.tsx";
import type { MyVisit } from "./use-mine.ts";

/** What can be shared: what somebody wrote or sent. */
export const shareable = ({ kind, erased }: RecordView) =>
  !erased && (kind === "prescription" || kind === "file-share");

/** A record to choose, by what it says: opened here, so that nobody shares what they can't see. */
export function ShareRow({
  visit,
  record,
  chosen,
  onChosen,
}: {
  visit: MyVisit;
  record: RecordView;
  chosen: boolean;
  onChosen: (chosen: boolean) => void;
}) {
  const { reading } = useOpened(openingOf(visit), record.id);
  const content = reading.is === "open" ? reading.opened.content : undefined;
  const doctor = shortName(visit.join.clinician.name);
  const isFile = record.kind === "file-share";
  const from = record.byPatient ? "sent by you" : isFile ? `from ${doctor}` : doctor;
  const Icon = !isFile ? Pill : content?.kind === "file-share" && isPicture(content.type) ? FileImage : FileText;
  return (
    <li className="border-t first:border-0">
      <label className="grid cursor-pointer grid-cols-[auto_minmax(0,1fr)_auto] gap-x-3.5 py-4 has-disabled:cursor-not-allowed">
        <input
          type="checkbox"
          className="mt-0.5 size-7 accent-primary"
          checked={chosen}
          disabled={!content}
          onChange={(event) => onChosen(event.target.checked)}
        />
        <span className="min-w-0">
          <span className="block font-semibold break-words">{titleOf(record, content)}</span>
          <span className="block text-calm-small text-muted-foreground">
            {reading.is === "failed"
              ? "It didn’t open here, so it can’t be shared."
              : `${day(fromSeconds(record.signedAt))}, ${from}`}
          </span>
        </span>
        <Icon aria-hidden="true" className="size-7 text-muted-foreground" />
      </label>
    </li>
  );
}

function titleOf(record: RecordView, content: Content | undefined): string {
  if (content?.kind === "file-share") return content.name;
  if (content?.kind === "prescription") return `Prescription: ${medicinesOf(content)}`;
  return record.kind === "file-share" ? "File" : "Prescription";
}
