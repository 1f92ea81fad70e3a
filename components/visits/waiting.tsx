"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Ban, BellRing, Check, DoorOpen, MessageCircleQuestionMark } from "lucide-react";
import { usePathname, useRouter } from "next/navigation";
import { useEffect, useId, useRef, useState } from "react";
import { Alert } from "@/components/ui/alert";
import { Avatar } from "@/components/ui/avatar";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { duration } from "@/components/ui/times.ts";
import { type Choice, choicesOf } from "@/lib/consent/grant.ts";
import { wordsFor } from "@/lib/strings/en.ts";
import { admit, decline, type VisitView } from "@/lib/visits/api.ts";
import { ask } from "@/lib/wire.ts";
import { useHeldHere } from "./held-elsewhere.tsx";
import { calledOf, nameOf, type Opened } from "./opened.ts";

/** A slip of the finger beside Admit can be taken back this long. */
const TAKE_BACK_MS = 4_000;

interface WaitingProps {
  /** Longest first. */
  visits: readonly VisitView[];
  opened: ReadonlyMap<string, Opened>;
  className?: string;
}

/** Who waits, with what they allowed: the only marigold area while it is there. */
export function Waiting({ visits, opened, className }: WaitingProps) {
  if (visits.length === 0) return null;
  return (
    <section
      role="alert"
      className={`min-w-0 overflow-hidden rounded-xl border-2 border-attention bg-card shadow-pop ${className ?? ""}`}
    >
      <div className="flex items-center gap-2.5 bg-attention px-4 py-2 text-attention-foreground sm:px-5">
        <BellRing aria-hidden="true" className="size-5 shrink-0" />
        <h2 className="font-semibold">
          {visits.length === 1 ? "Waiting now" : `Waiting now: ${visits.length} people`}
        </h2>
      </div>
      <ul>
        {visits.map((visit, n) => (
          <WaitingPatient key={visit.id} visit={visit} opened={opened.get(visit.id)} first={n === 0} />
        ))}
      </ul>
    </section>
  );
}

function WaitingPatient({ visit, opened, first }: { visit: VisitView; opened: Opened | undefined; first: boolean }) {
  const id = useId();
  const router = useRouter();
  const pathname = usePathname();
  const queries = useQueryClient();
  const name = nameOf(opened);
  const heldHere = useHeldHere(visit);
  const settle = (moved: VisitView) => {
    queries.setQueryData(["visit", visit.id], moved);
    void queries.invalidateQueries({ queryKey: ["visits"] });
  };
  const letIn = useMutation({
    mutationFn: () => ask(admit, { visitId: visit.id }),
    onSuccess: (moved) => {
      settle(moved);
      const room = `/visits/${visit.id}`;
      if (pathname !== room) router.push(room);
    },
    onError: () => queries.invalidateQueries({ queryKey: ["visits"] }),
  });
  const sendAway = useMutation({
    mutationFn: () => ask(decline, { visitId: visit.id }),
    onSuccess: settle,
    onError: () => queries.invalidateQueries({ queryKey: ["visits"] }),
  });
  const [leaving, startLeaving, stay] = useTakeBack(() => sendAway.mutate());
  const away = leaving || sendAway.isPending;
  const undo = useRef<HTMLButtonElement>(null);
  const no = useRef<HTMLButtonElement>(null);
  const wasLeaving = useRef(false);
  useEffect(() => {
    // The two buttons take each other's place, so the focus goes along.
    if (leaving) undo.current?.focus();
    else if (wasLeaving.current) no.current?.focus();
    wasLeaving.current = leaving;
  }, [leaving]);
  const failure = letIn.error ?? sendAway.error;

  return (
    <li className="border-t p-4 first:border-0 sm:p-5">
      <div className="flex flex-wrap items-center gap-x-5 gap-y-4">
        <Avatar name={opened?.name ?? ""} className="size-14 text-lead" />
        <div className="min-w-0 max-w-full grow basis-[13rem]">
          <p id={id} className="text-[1.25rem] font-semibold break-words">
            {name}
          </p>
          <p className="text-muted-foreground">
            <Since at={visit.waitingSince} />
            {opened?.plannedAs ? ` · planned as ${opened.plannedAs}` : ""}
            {opened?.reason ? ` · ${opened.reason}` : ""}
            {opened?.language ? ` · speaks ${opened.language}` : ""}
          </p>
          {visit.consent ? <Allowed scopes={visit.consent.consent.scopes} /> : null}
        </div>
        {away ? (
          <div className="flex flex-wrap items-center gap-3 max-sm:w-full">
            <p role="status">Declining {calledOf(opened)}</p>
            <Button ref={undo} variant="outline" className="min-h-12" onClick={stay} busy={!leaving}>
              Undo
            </Button>
          </div>
        ) : (
          <div className="flex flex-wrap items-center gap-2 max-sm:w-full">
            {heldHere ? (
              <Button
                variant={first ? "default" : "outline"}
                className="min-h-12 px-6 max-sm:grow"
                aria-describedby={id}
                busy={letIn.isPending || letIn.isSuccess}
                onClick={() => letIn.mutate()}
              >
                {letIn.isPending || letIn.isSuccess ? null : <DoorOpen aria-hidden="true" />}
                Admit
              </Button>
            ) : (
              <p className="text-muted-foreground">
                {visit.heldOn.enrolled ? `Admit them on ${visit.heldOn.device}` : "The device this was for was removed"}
              </p>
            )}
            <Button
              variant="ghost"
              className="min-h-12"
              aria-describedby={id}
              ref={no}
              disabled={letIn.isPending || letIn.isSuccess}
              onClick={startLeaving}
            >
              Decline
            </Button>
          </div>
        )}
      </div>
      {failure ? <Alert tone="warning" role="alert" title={wordsFor(failure)} className="mt-4" /> : null}
    </li>
  );
}

/** Starts something that is carried out after a moment, or at once when the page is left; until then it can be taken back. */
function useTakeBack(act: () => void): [running: boolean, start: () => void, stop: () => void] {
  const [running, isRunning] = useState(false);
  const pending = useRef<(() => void) | null>(null);
  useEffect(() => {
    if (!running) return;
    const carryOut = () => {
      pending.current?.();
      pending.current = null;
      isRunning(false);
    };
    const timer = setTimeout(carryOut, TAKE_BACK_MS);
    window.addEventListener("pagehide", carryOut);
    return () => {
      clearTimeout(timer);
      window.removeEventListener("pagehide", carryOut);
      pending.current?.();
      pending.current = null;
    };
  }, [running]);
  const start = () => {
    pending.current = act;
    isRunning(true);
  };
  const stop = () => {
    pending.current = null;
    isRunning(false);
  };
  return [running, start, stop];
}

function Since({ at }: { at: string | null }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 20_000);
    return () => clearInterval(timer);
  }, []);
  if (!at) return <>Waiting</>;
  return <>Waiting for {duration(now - new Date(at).getTime())}</>;
}

const words: Record<Choice, string> = { allow: "allowed", ask: "asks each time", deny: "not allowed" };
const icons = { allow: Check, ask: MessageCircleQuestionMark, deny: Ban } as const;

function Allowed({ scopes }: { scopes: number }) {
  const choices = choicesOf(scopes);
  const lines = [
    { what: "Video session", how: choices.video },
    { what: "Prescriptions", how: choices.prescriptions },
    { what: "Files", how: choices.files },
  ] as const;
  return (
    <ul className="mt-2 flex flex-wrap gap-1.5" aria-label="Authorized">
      {lines.map(({ what, how }) => {
        const Icon = icons[how];
        return (
          <li key={what}>
            <Badge tone="outline">
              <Icon aria-hidden="true" />
              {what}: {words[how]}
            </Badge>
          </li>
        );
      })}
    </ul>
  );
}
