"use client";

import { Check, Hourglass } from "lucide-react";
import { useEffect, useRef } from "react";
import { cn } from "@/components/ui/cn.ts";
import { FourWords } from "@/components/ui/four-words.tsx";
import { Loading } from "@/components/ui/skeleton.tsx";
import { Twins } from "@/components/ui/twins.tsx";
import type { SafetyView } from "@/lib/call/safety.ts";
import { safetyWords } from "@/lib/call/safety-words.ts";

interface SafetyPanelProps {
  view: SafetyView;
  /** How a sentence calls the other. */
  name: string;
  doctor: boolean;
  onCompared: (match: boolean) => void;
}

/** Four words that both have and one reads aloud. Only who hears the other's own voice can tell, so no page decides it. */
export function SafetyPanel({ view, name, doctor, onCompared }: SafetyPanelProps) {
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label="Safety check"
      className={cn("min-h-0 grow overflow-auto", doctor ? "p-5 text-body" : "p-[min(1.25rem,5vw)] text-calm lg:p-6")}
    >
      {view.is === "words" ? (
        <>
          <p>
            {doctor
              ? `Read these four words to ${name}, slowly. The same four should be on ${name}’s screen.`
              : `${name} reads four words aloud. Are they these?`}
          </p>
          <FourWords words={safetyWords(view.about, view.nonces)} calm={!doctor} />
          {doctor ? (
            <ForTheDoctor name={name} match={view.match === true} />
          ) : (
            <ForThePatient name={name} match={view.match === true} onCompared={onCompared} />
          )}
        </>
      ) : (
        <Loading label="Getting the words" slow="The words come as soon as the connection is there." />
      )}
    </section>
  );
}

function ForTheDoctor({ name, match }: { name: string; match: boolean }) {
  const Icon = match ? Check : Hourglass;
  return (
    <>
      <p
        role="status"
        className={cn(
          "mt-4 flex items-center gap-3 rounded-lg px-4 py-3",
          match ? "bg-success-soft text-foreground" : "bg-muted",
        )}
      >
        <Icon aria-hidden="true" className={cn("size-5 shrink-0", match ? "text-success" : "text-muted-foreground")} />
        <span>
          {match ? `${name} answered that they match. You should have heard it, too.` : `${name} is comparing.`}
        </span>
      </p>
      <p className="mt-3 text-table text-muted-foreground">
        The words come from both media keys and change with every call. Reading them out gives nothing away. The keys
        are already checked by signature; this check needs no trust in either signature.
      </p>
    </>
  );
}

function ForThePatient({
  name,
  match,
  onCompared,
}: {
  name: string;
  match: boolean;
  onCompared: (match: boolean) => void;
}) {
  // The answer's button is gone once it was pressed: what it led to has the focus.
  const outcome = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (match) outcome.current?.focus();
  }, [match]);
  return (
    <div className="mt-4 border-t pt-4">
      <div ref={outcome} role="status" tabIndex={-1} className="outline-none">
        {match ? (
          <p className="flex items-center gap-3 rounded-lg bg-success-soft px-4 py-3">
            <Check aria-hidden="true" className="size-6 shrink-0 text-success" />
            <span>You and {name} have the same words. Nobody stands between you.</span>
          </p>
        ) : null}
      </div>
      {match ? null : (
        <Twins no="They differ" yes="They match" onNo={() => onCompared(false)} onYes={() => onCompared(true)} />
      )}
      <p className="mt-3 text-calm-small text-muted-foreground">
        The same words mean: nobody stands between you, not even the clinic’s server. If they differ, the call stops.
      </p>
    </div>
  );
}
