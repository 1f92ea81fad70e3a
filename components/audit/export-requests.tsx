"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Download, FileLock2 } from "lucide-react";
import Link from "next/link";
import { type RefObject, useRef } from "react";
import { useConfirmed } from "@/components/auth/confirm.tsx";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Card, CardTitle } from "@/components/ui/card";
import { cn } from "@/components/ui/cn";
import { useFocusKept } from "@/components/ui/focus-return.ts";
import { counted, often } from "@/components/ui/text.ts";
import { when } from "@/components/ui/times.ts";
import {
  countExportRequests,
  decideExport,
  type ExportRequest,
  listExportRequests,
  takeApprovedPath,
  withdrawExport,
} from "@/lib/audit/export-request.ts";
import { wordsFor } from "@/lib/strings/apart.ts";
import { ask } from "@/lib/wire.ts";
import { TakingResult, useTaking } from "./export-taking.tsx";
import { filterWords, formats, reasons, sizeWord, stateWords } from "./export-words.ts";

const COUNT = ["audit", "export-count"];
const LIST = ["audit", "exports"];
/** Milliseconds between two looks whether somebody asks or decided. */
const EVERY = 30_000;

export const useExportCount = () =>
  useQuery({ queryKey: COUNT, queryFn: () => ask(countExportRequests, {}), refetchInterval: EVERY });

/** On `/admin`: that somebody waits for this admin's yes. Nothing where nobody does. */
export function ExportsWaiting() {
  const waiting = useExportCount().data?.waiting ?? 0;
  if (waiting === 0) return null;
  return (
    <Card className="mt-4 flex flex-wrap items-center gap-3 border-2 border-attention sm:p-5" aria-labelledby="waiting">
      <CardTitle id="waiting" className="grow">
        {counted(waiting, "export waits", "exports wait")} for your approval
      </CardTitle>
      <Button asChild variant="outline" className="min-h-11">
        <Link href="/admin/audit#exports">Look at it</Link>
      </Button>
    </Card>
  );
}

/** Large exports that are asked for or may be taken. Nothing where there is none: the log has those that are over. */
export function Exports() {
  const count = useExportCount().data;
  const any = (count?.waiting ?? 0) + (count?.mine ?? 0) > 0;
  // Read when there is something to read: each look is a line on the log.
  const list = useQuery({
    queryKey: [...LIST, count?.waiting, count?.mine],
    queryFn: () => ask(listExportRequests, {}),
    enabled: any,
    placeholderData: (before) => before,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const requests = list.data?.requests ?? [];
  const shown = requests.filter(({ state, mine }) => state === "asked" || (mine && state === "approved"));
  const heading = useRef<HTMLHeadingElement>(null);
  useFocusKept(heading, shown.length > 0);
  if (!any || shown.length === 0) return null;
  return (
    <Card
      id="exports"
      className={cn("mt-4 sm:p-5", shown.some(({ mine }) => !mine) && "border-2 border-attention")}
      aria-labelledby="exports-title"
    >
      <h2 ref={heading} tabIndex={-1} id="exports-title" className="text-[1.125rem] font-semibold outline-none">
        Exports
      </h2>
      <p className="text-table text-muted-foreground">
        So much of the log leaves the practice only when two admins agree.
      </p>
      <ul className="mt-2">
        {shown.map((request) => (
          <li key={request.id} className="border-t py-4 first:border-0 last:pb-0">
            <One request={request} heading={heading} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function One({ request, heading }: { request: ExportRequest; heading: RefObject<HTMLHeadingElement | null> }) {
  const { format, filter, mine, state, note, until, left } = request;
  return (
    <>
      <p className="font-semibold">
        {formats[format].name}, {sizeWord(format, request)}
      </p>
      <p className="text-table text-muted-foreground">{filterWords(filter)}</p>
      {format === "evidence" ? (
        <p className="text-table text-muted-foreground">
          Each session is told as it is at the download, with what happened to it since this was asked for.
        </p>
      ) : null}
      <p className="mt-1 text-table">
        {mine ? "You" : request.askedBy} asked {when(new Date(request.askedAt))}. For: {reasons[request.reason]}.
      </p>
      {note ? <p className="text-table break-words">“{note}”</p> : null}
      <p className="text-table font-semibold">
        {stateWords(request)}
        {until ? ` You may download it until ${when(new Date(until))}, ${often(left)} more.` : null}
      </p>
      {mine ? (
        <Own request={request} takes={state === "approved"} heading={heading} />
      ) : (
        <Decide request={request} heading={heading} />
      )}
    </>
  );
}

function useStep<T>(work: (asked: T) => Promise<unknown>, heading: RefObject<HTMLHeadingElement | null>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: work,
    onSuccess: () => heading.current?.focus(),
    onSettled: async () => {
      await queries.invalidateQueries({ queryKey: LIST });
      await queries.invalidateQueries({ queryKey: COUNT });
    },
  });
}

function Decide({ request, heading }: { request: ExportRequest; heading: RefObject<HTMLHeadingElement | null> }) {
  const { confirmed, dialog } = useConfirmed();
  const { id } = request;
  const step = useStep((approve: boolean) => confirmed(() => ask(decideExport, { id, approve })), heading);
  const what = `the export that ${request.askedBy} asked for`;
  return (
    <>
      {dialog}
      {step.isError ? <Alert tone="warning" role="alert" className="mt-2" title={wordsFor(step.error)} /> : null}
      <div className="mt-2 flex flex-wrap gap-3">
        <Button
          className="min-h-11"
          aria-label={`Approve ${what}`}
          busy={step.isPending && step.variables}
          onClick={() => step.mutate(true)}
        >
          Approve
        </Button>
        <Button
          variant="outline"
          className="min-h-11"
          aria-label={`Refuse ${what}`}
          busy={step.isPending && !step.variables}
          onClick={() => step.mutate(false)}
        >
          Refuse
        </Button>
      </div>
    </>
  );
}

function Own({
  request,
  takes,
  heading,
}: {
  request: ExportRequest;
  takes: boolean;
  heading: RefObject<HTMLHeadingElement | null>;
}) {
  const queries = useQueryClient();
  const taking = useTaking();
  const { id, format } = request;
  const withdraw = useStep((_: undefined) => ask(withdrawExport, { id }), heading);
  const busy = taking.state.is === "taking";
  return (
    <div className="mt-2 grid gap-3">
      {withdraw.isError ? <Alert tone="warning" role="alert" title={wordsFor(withdraw.error)} /> : null}
      <TakingResult state={taking.state} format={format} />
      <div className="flex flex-wrap gap-3">
        {takes ? (
          <Button
            className="min-h-11"
            busy={busy}
            disabled={request.left === 0}
            onClick={() =>
              taking
                .start(format, takeApprovedPath(id), {})
                .finally(() => queries.invalidateQueries({ queryKey: LIST }))
            }
          >
            {busy ? null : <Download aria-hidden="true" />}
            Download
          </Button>
        ) : null}
        {busy ? (
          <Button variant="outline" className="min-h-11" onClick={taking.stop}>
            Stop
          </Button>
        ) : (
          <Button
            variant="outline"
            className="min-h-11"
            busy={withdraw.isPending}
            onClick={() => withdraw.mutate(undefined)}
          >
            <FileLock2 aria-hidden="true" />
            Withdraw
          </Button>
        )}
      </div>
    </div>
  );
}
