"use client";

import { useEffect, useRef, useState } from "react";
import { Alert } from "@/components/ui/alert";
import { Progress } from "@/components/ui/progress.tsx";
import { saveFile } from "@/components/ui/save-file.ts";
import { figure } from "@/components/ui/text.ts";
import type { ExportFormat } from "@/lib/audit/export.ts";
import { wordsFor } from "@/lib/strings/apart.ts";
import { itemsWord } from "./export-words.ts";
import { takeExport } from "./take-export.ts";

export type Taking =
  | { is: "nothing" }
  | { is: "taking"; items: number; of: number }
  | { is: "stopped" }
  | { is: "failed"; format: ExportFormat; why: unknown }
  | { is: "saved"; name: string; format: ExportFormat; items: number };

/** One file on its way to this device. */
export function useTaking() {
  const [state, setState] = useState<Taking>({ is: "nothing" });
  const stop = useRef<AbortController>(undefined);
  // Who leaves wants no file any more.
  useEffect(() => () => stop.current?.abort(), []);
  const start = async (format: ExportFormat, path: string, body: object) => {
    const controller = new AbortController();
    const { signal } = controller;
    stop.current = controller;
    setState({ is: "taking", items: 0, of: 0 });
    try {
      const told = (items: number, of: number) => setState({ is: "taking", items, of });
      const taken = await takeExport(format, path, body, { signal, told });
      saveFile(taken.file, taken.name);
      setState({ is: "saved", format, name: taken.name, items: taken.items });
    } catch (why) {
      setState(signal.aborted ? { is: "stopped" } : { is: "failed", format, why });
    }
  };
  return { state, start, stop: () => stop.current?.abort() };
}

/** How far it is, and what came of it. */
export function TakingResult({ state, format }: { state: Taking; format: ExportFormat }) {
  return (
    <>
      {state.is === "taking" ? (
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
    </>
  );
}
