"use client";

import { Download, FileText, Image } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Alert } from "@/components/ui/alert.tsx";
import { Button } from "@/components/ui/button.tsx";
import { cn } from "@/components/ui/cn.ts";
import { Progress } from "@/components/ui/progress.tsx";
import { canPreview, isPicture } from "@/lib/call/files.ts";
import type { FileShare } from "@/lib/records/content.ts";
import { wordsFor } from "@/lib/strings/apart.ts";
import { openBlob } from "./open-blob.ts";
import { NotWhatWasSigned } from "./open-record.ts";
import { Preview } from "./preview/preview.tsx";
import { saveCopy } from "./preview/save-copy.ts";

/** A shared file's buttons: a picture or a PDF opens in its place, everything can be saved. */
export function FileActions({
  visitId,
  file,
  path,
  looked,
  calm = false,
}: {
  visitId: string;
  file: FileShare;
  /** Where its bytes are, unless with the visit itself. */
  path?: string;
  /** Under which permission it is opened, and who sees that. */
  looked?: string | undefined;
  /** Patients' size. */
  calm?: boolean;
}) {
  const [doing, setDoing] = useState<{ what: "open" | "save"; part: number } | undefined>();
  const [shown, setShown] = useState<Blob | undefined>();
  const [left, setLeft] = useState(false);
  const [fault, setFault] = useState<unknown>();
  const life = useRef<AbortController | undefined>(undefined);
  const Icon = isPicture(file.type) ? Image : FileText;
  const size = calm ? "calm" : "default";
  const look = calm ? "px-[min(1rem,3vw)] gap-2 text-calm-small" : "min-h-11";

  useEffect(() => {
    const controller = new AbortController();
    life.current = controller;
    return () => controller.abort();
  }, []);

  const fetchFor = async (what: "open" | "save") => {
    const signal = life.current?.signal;
    if (!signal || doing) return;
    setFault(undefined);
    setDoing({ what, part: 0 });
    try {
      const onProgress = (part: number) => setDoing({ what, part });
      const blob = await openBlob({ visitId, file, path, signal, onProgress });
      if (what === "open") setShown(blob);
      else saveCopy(blob, file.name);
    } catch (why) {
      if (!signal.aborted) setFault(why);
    }
    if (!signal.aborted) setDoing(undefined);
  };

  if (shown) {
    return (
      <Preview
        file={{ name: file.name, type: file.type, blob: shown }}
        looked={looked}
        back="Close"
        onBack={() => {
          setShown(undefined);
          setLeft(true);
        }}
        calm={calm}
        // As wide as its row: beside it stand only its icon and the state's word, and those are higher up.
        className="mt-2 rounded-lg border bg-card max-sm:-ml-9 sm:-mr-[10.25rem]"
      />
    );
  }
  return (
    <div className="mt-2 grid gap-3">
      <div className="flex flex-wrap gap-2">
        {canPreview(file.type) && (
          <Button
            // Whoever leaves the file is back where they opened it.
            autoFocus={left}
            variant="outline"
            size={size}
            className={look}
            aria-label={`Open ${file.name}`}
            busy={doing?.what === "open"}
            onClick={() => void fetchFor("open")}
          >
            {doing?.what === "open" ? null : <Icon aria-hidden="true" />}
            Open
          </Button>
        )}
        <Button
          variant="outline"
          size={size}
          className={look}
          aria-label={`Download ${file.name}`}
          busy={doing?.what === "save"}
          onClick={() => void fetchFor("save")}
        >
          {doing?.what === "save" ? null : <Download aria-hidden="true" />}
          Download
        </Button>
      </div>
      {doing && doing.part > 0 && doing.part < 1 && (
        <Progress label={`Fetching ${file.name}`} value={doing.part} text={`${Math.round(doing.part * 100)} percent`} />
      )}
      {fault ? (
        <Alert
          tone="danger"
          role="alert"
          calm={calm}
          className={cn(!calm && "p-3")}
          title={fault instanceof NotWhatWasSigned ? "This is not the file that was recorded" : "The file didn’t open"}
        >
          {fault instanceof NotWhatWasSigned
            ? "It was changed where it is kept, so we don’t open it. Tell the practice."
            : wordsFor(fault)}
        </Alert>
      ) : null}
    </div>
  );
}
