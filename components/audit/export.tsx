"use client";

import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useState } from "react";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent, DialogTrigger } from "@/components/ui/dialog";
import { type ExportFilter, ExportFormat, isOverLimit, MAKE_EXPORT, sizeExport } from "@/lib/audit/export.ts";
import { Refusal } from "@/lib/refusal.ts";
import { wordsFor } from "@/lib/strings/apart.ts";
import { ask } from "@/lib/wire.ts";
import { AskForExport } from "./export-asking.tsx";
import { type Taking, TakingResult, useTaking } from "./export-taking.tsx";
import { formats, sizedWords } from "./export-words.ts";

/** Where the filters show less than a file would have; `why` is the id of the text that says so. */
export function NoExport({ why }: { why: string }) {
  return (
    <Button variant="outline" className="min-h-11" disabled aria-describedby={why}>
      <Download aria-hidden="true" />
      Export
    </Button>
  );
}

/** A file of what the filters show. */
export function Export({ filter }: { filter: ExportFilter }) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger asChild>
        <Button variant="outline" className="min-h-11">
          <Download aria-hidden="true" />
          Export
        </Button>
      </DialogTrigger>
      <DialogContent
        title="Export"
        description="A file of what your filters show, to take elsewhere. That you made it is written on the log."
      >
        <Inside filter={filter} />
      </DialogContent>
    </Dialog>
  );
}

function Inside({ filter }: { filter: ExportFilter }) {
  const [format, setFormat] = useState<ExportFormat>("csv");
  // Asked once a dialog: each answer is a line on the log.
  const size = useQuery({
    queryKey: ["audit", "export-size", filter],
    queryFn: () => ask(sizeExport, filter),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  const taking = useTaking();
  const [asked, setAsked] = useState(false);
  const over = size.data && (isOverLimit(format, size.data) || turnedOutOver(taking.state, format));
  const busy = taking.state.is === "taking";
  if (asked)
    return (
      <Alert tone="success" title="Another admin was asked">
        It waits under Exports, on this page. Once it is approved you can download it there.
      </Alert>
    );
  return (
    <>
      <Formats format={format} onChange={setFormat} disabled={busy} />
      {size.isError ? <Alert tone="warning" title={wordsFor(size.error)} /> : null}
      <p role="status" className="min-h-[1.5em] text-muted-foreground">
        {size.data ? sizedWords(format, size.data) : size.isPending ? "Counting…" : null}
      </p>
      {over ? (
        <AskForExport asked={{ format, filter }} onAsked={() => setAsked(true)} />
      ) : (
        <>
          <TakingResult state={taking.state} format={format} />
          <div className="flex flex-wrap gap-3">
            <Button
              className="min-h-11"
              disabled={!size.data}
              busy={busy}
              onClick={() => taking.start(format, MAKE_EXPORT, { format, filter })}
            >
              {busy ? null : <Download aria-hidden="true" />}
              Download
            </Button>
            {busy ? (
              <Button variant="outline" className="min-h-11" onClick={taking.stop}>
                Stop
              </Button>
            ) : null}
          </div>
        </>
      )}
    </>
  );
}

/** Known only once it was all counted, where few of many lines match. */
const turnedOutOver = (taking: Taking, format: ExportFormat): boolean =>
  taking.is === "failed" &&
  taking.format === format &&
  taking.why instanceof Refusal &&
  taking.why.code === "export.over-limit";

function Formats({
  format,
  onChange,
  disabled,
}: {
  format: ExportFormat;
  onChange: (format: ExportFormat) => void;
  disabled: boolean;
}) {
  return (
    <fieldset className="grid gap-2" disabled={disabled}>
      <legend className="mb-2 font-semibold">As</legend>
      {ExportFormat.options.map((one) => (
        <label
          key={one}
          className="flex min-h-11 cursor-pointer items-start gap-3 rounded-lg border p-3 has-checked:border-primary has-checked:bg-accent has-focus-visible:outline-3 has-focus-visible:outline-offset-2 has-focus-visible:outline-ring"
        >
          <input
            type="radio"
            name="export-format"
            className="mt-1 size-4 shrink-0 accent-primary"
            checked={format === one}
            onChange={() => onChange(one)}
          />
          <span className="min-w-0">
            <span className="block font-semibold">{formats[one].name}</span>
            <span className="block text-table text-muted-foreground">{formats[one].what}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
