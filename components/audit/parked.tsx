"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { CirclePause, RotateCcw } from "lucide-react";
import Link from "next/link";
import { useEffect, useRef, useState } from "react";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Card, CardTitle } from "@/components/ui/card";
import { when } from "@/components/ui/times.ts";
import { toast } from "@/components/ui/toaster";
import { listParked, retryParked } from "@/lib/ledger/api.ts";
import { wordsFor } from "@/lib/strings/apart.ts";
import { ask } from "@/lib/wire.ts";
import { parkedWords } from "./parked-words.ts";
import { actWord, kindWord } from "./words.ts";

/** Milliseconds after which an act that was tried again has been sent or refused once more. */
const SETTLED = 3_000;

/** Acts the ledger refused, asked again every half minute. */
export const useParked = () =>
  useQuery({ queryKey: ["ledger", "parked"], queryFn: () => ask(listParked, {}), refetchInterval: 30_000 });

/** What the ledger said no to: one by one, why, and what can be done. Not there until it said no to something. */
export function Parked({ parked }: { parked: ReturnType<typeof useParked> }) {
  const queries = useQueryClient();
  const heading = useRef<HTMLHeadingElement>(null);
  const [had, setHad] = useState(false);
  const any = (parked.data?.acts.length ?? 0) > 0;
  useEffect(() => {
    if (any) setHad(true);
  }, [any]);
  const retry = useMutation({
    mutationFn: (id: string) => ask(retryParked, { id }),
    onSuccess: async () => {
      toast("It is on its way to the ledger again");
      heading.current?.focus();
      await queries.invalidateQueries({ queryKey: ["ledger"] });
      setTimeout(() => {
        void queries.invalidateQueries({ queryKey: ["ledger"] });
        void queries.invalidateQueries({ queryKey: ["audit", "overview"] });
      }, SETTLED);
    },
  });
  if (parked.isError && !parked.data) {
    return (
      <Alert tone="warning" className="mt-4" title="What the ledger refused can’t be shown right now">
        {wordsFor(parked.error)}
      </Alert>
    );
  }
  // Whoever tried the last one again finds out here what became of it.
  if (!parked.data || (!any && !had)) return null;
  const { acts, more } = parked.data;
  return (
    <Card className="mt-4 sm:p-5" aria-labelledby="refused-by-the-ledger">
      <CardTitle id="refused-by-the-ledger" ref={heading} tabIndex={-1}>
        Refused by the ledger
      </CardTitle>
      {!any ? (
        <p className="text-table text-muted-foreground">Nothing any more. Every act was taken, or is on its way.</p>
      ) : (
        <p className="text-table text-muted-foreground">
          {acts.length === 1 ? "This act is" : "These acts are"} kept on this server, signatures and all, and not on the
          ledger.
        </p>
      )}
      {retry.isError ? (
        <Alert tone="warning" className="mt-3" title={wordsFor(retry.error)}>
          Nothing was changed.
        </Alert>
      ) : null}
      {any ? (
        <ul className="mt-3 border-t">
          {acts.map((act) => {
            const { why, what } = parkedWords(act.reason);
            return (
              <li
                key={act.id}
                className="grid grid-cols-[minmax(0,1fr)] gap-x-6 gap-y-2 border-b py-3 last:border-0 last:pb-0 sm:grid-cols-[minmax(0,1fr)_auto]"
              >
                <div className="flex min-w-0 gap-3">
                  <CirclePause aria-hidden="true" className="mt-0.5 size-5 shrink-0 text-warning" />
                  <div className="min-w-0">
                    <h3 id={`parked-${act.id}`} className="font-semibold">
                      {act.recordKind ? kindWord(act.recordKind) : actWord(act.kind)}
                    </h3>
                    <p className="text-table">{why}</p>
                    <p className="text-table text-muted-foreground">{what}</p>
                    <p className="figures mt-1 flex flex-wrap items-center gap-x-4 gap-y-1 text-small text-muted-foreground">
                      <span>since {when(new Date(act.since))}</span>
                      <span>
                        the ledger’s word: <span className="font-mono break-all">{act.reason}</span>
                      </span>
                      {act.visitId ? (
                        <Link
                          href={`/admin/audit/${act.visitId}`}
                          aria-describedby={`parked-${act.id}`}
                          className="inline-flex items-center font-semibold text-primary underline underline-offset-4 max-sm:min-h-9"
                        >
                          Open its session
                        </Link>
                      ) : null}
                    </p>
                  </div>
                </div>
                <Button
                  variant="outline"
                  size="sm"
                  className="min-h-10 justify-self-start max-sm:ml-8 max-sm:min-h-11 sm:self-center"
                  aria-describedby={`parked-${act.id}`}
                  busy={retry.isPending && retry.variables === act.id}
                  onClick={() => retry.mutate(act.id)}
                >
                  <RotateCcw aria-hidden="true" />
                  Try again
                </Button>
              </li>
            );
          })}
        </ul>
      ) : null}
      {more ? <p className="mt-3 text-small text-muted-foreground">Older ones are shown once these are gone.</p> : null}
    </Card>
  );
}
