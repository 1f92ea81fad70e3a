"use client";

import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent, DialogTrigger } from "@/components/ui/dialog";
import { Progress } from "@/components/ui/progress.tsx";
import { saveFile } from "@/components/ui/save-file.ts";
import { figure } from "@/components/ui/text.ts";
import { type ExportFilter, ExportFormat, isOverLimit, sizeExport, WITHOUT_APPROVAL } from "@/lib/audit/export.ts";
import { wordsFor } from "@/lib/strings/en.ts";
import { ask } from "@/lib/wire.ts";
import { formats, itemsWord, sizeWord } from "./export-words.ts";
import { takeExport } from "./take-export.ts";

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
  const over = size.data && isOverLimit(format, size.data);
  return (
    <>
      <Formats format={format} onChange={setFormat} disabled={taking.state.is === "taking"} />
      {size.isError ? <Alert tone="warning" title={wordsFor(size.error)} /> : null}
      <p role="status" className="min-h-[1.5em] text-muted-foreground">
        {size.data ? `${sizeWord(format, size.data)} in this export.` : size.isPending ? "Counting…" : null}
      </p>
      {over ? (
        <Alert tone="info" title="This is more than one admin may take along alone">
          Files of more than {figure(WITHOUT_APPROVAL.lines)} lines, or {WITHOUT_APPROVAL.sessions} sessions of
          evidence, leave the practice only when a second admin agrees. Choose fewer days, or one doctor.
        </Alert>
      ) : (
        <Taking taking={taking} format={format} start={() => taking.start({ format, filter })} ready={!!size.data} />
      )}
    </>
  );
}

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

type State =
  | { is: "nothing" }
  | { is: "taking"; items: number; of: number }
  | { is: "stopped" }
  | { is: "failed"; why: unknown }
  | { is: "saved"; name: string; format: ExportFormat; items: number };

function useTaking() {
  const [state, setState] = useState<State>({ is: "nothing" });
  const stop = useRef<AbortController>(undefined);
  // Who closes the dialog wants no file any more.
  useEffect(() => () => stop.current?.abort(), []);
  const start = async (asked: Parameters<typeof takeExport>[0]) => {
    const controller = new AbortController();
    stop.current = controller;
    setState({ is: "taking", items: 0, of: 0 });
    try {
      const { signal } = controller;
      const taken = await takeExport(asked, { signal, told: (items, of) => setState({ is: "taking", items, of }) });
      saveFile(taken.file, taken.name);
      setState({ is: "saved", format: asked.format, ...taken });
    } catch (why) {
      setState(controller.signal.aborted ? { is: "stopped" } : { is: "failed", why });
    }
  };
  return { state, start, stop: () => stop.current?.abort() };
}

function Taking({
  taking: { state, stop },
  format,
  start,
  ready,
}: {
  taking: ReturnType<typeof useTaking>;
  format: ExportFormat;
  start: () => void;
  ready: boolean;
}) {
  const busy = state.is === "taking";
  return (
    <>
      {busy ? (
        <div className="grid gap-2">
          <Progress label="Making the file" value={state.of ? state.items / state.of : 0} />
          <p className="text-table text-muted-foreground">
            {state.of ? `${figure(state.items)} of ${itemsWord(format, state.of)}` : "Beginning…"}
          </p>
        </div>
      ) : null}
      <div role="status">
        {state.is === "saved" ? (
          <Alert tone="success" role="none" title={`Saved with ${itemsWord(state.format, state.items)}`}>
            {state.name}, whole to its last line.
          </Alert>
        ) : state.is === "stopped" ? (
          <Alert tone="quiet" role="none" title="Stopped. No file was saved." />
        ) : state.is === "failed" ? (
          <Alert tone="warning" role="none" title="The file did not come whole, so none was saved">
            {wordsFor(state.why)}
          </Alert>
        ) : null}
      </div>
      <div className="flex flex-wrap gap-3">
        <Button className="min-h-11" disabled={!ready} busy={busy} onClick={start}>
          {busy ? null : <Download aria-hidden="true" />}
          Download
        </Button>
        {busy ? (
          <Button variant="outline" className="min-h-11" onClick={stop}>
            Stop
          </Button>
        ) : null}
      </div>
    </>
  );
}
