"use client";

import { Download, Image } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Alert } from "@/components/ui/alert.tsx";
import { Button } from "@/components/ui/button.tsx";
import { cn } from "@/components/ui/cn.ts";
import { Progress } from "@/components/ui/progress.tsx";
import { saveFile } from "@/components/ui/save-file.ts";
import { cleanName, isPicture } from "@/lib/call/files.ts";
import type { FileShare } from "@/lib/records/content.ts";
import { wordsFor } from "@/lib/strings/en.ts";
import { openBlob } from "./open-blob.ts";
import { NotWhatWasSigned } from "./open-record.ts";

/** A shared file's buttons: a picture opens in its place, everything can be saved. */
export function FileActions({
  visitId,
  file,
  path,
  calm = false,
}: {
  visitId: string;
  file: FileShare;
  /** Where its bytes are, unless with the visit itself. */
  path?: string;
  /** Patients' size. */
  calm?: boolean;
}) {
  const [doing, setDoing] = useState<{ what: "open" | "save"; part: number } | undefined>();
  const [shown, setShown] = useState<string | undefined>();
  const [fault, setFault] = useState<unknown>();
  const life = useRef<AbortController | undefined>(undefined);
  const picture = isPicture(file.type);
  const size = calm ? "calm" : "default";
  const look = calm ? "px-[min(1rem,3vw)] gap-2 text-calm-small" : "min-h-11";

  useEffect(() => {
    const controller = new AbortController();
    life.current = controller;
    return () => controller.abort();
  }, []);
  useEffect(() => {
    if (shown) return () => URL.revokeObjectURL(shown);
  }, [shown]);

  const fetchFor = async (what: "open" | "save") => {
    const signal = life.current?.signal;
    if (!signal || doing) return;
    setFault(undefined);
    setDoing({ what, part: 0 });
    try {
      const onProgress = (part: number) => setDoing({ what, part });
      const blob = await openBlob({ visitId, file, path, signal, onProgress });
      if (what === "open") setShown(URL.createObjectURL(blob));
      else saveFile(blob, cleanName(file.name));
    } catch (why) {
      if (!signal.aborted) setFault(why);
    }
    if (!signal.aborted) setDoing(undefined);
  };

  return (
    <div className="mt-2 grid gap-3">
      {shown && (
        // biome-ignore lint/performance/noImgElement: bytes opened in this browser, which no server may resize
        <img src={shown} alt={file.name} className="max-h-[70dvh] w-fit max-w-full rounded-lg border bg-stage" />
      )}
      <div className="flex flex-wrap gap-2">
        {picture && (
          <Button
            variant="outline"
            size={size}
            className={look}
            aria-label={`${shown ? "Close" : "Open"} ${file.name}`}
            busy={doing?.what === "open"}
            onClick={() => (shown ? setShown(undefined) : void fetchFor("open"))}
          >
            {doing?.what === "open" ? null : <Image aria-hidden="true" />}
            {shown ? "Close" : "Open"}
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
