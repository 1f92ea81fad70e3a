"use client";

import { Clock, Undo2 } from "lucide-react";
import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { Alert } from "@/components/ui/alert.tsx";
import { Button } from "@/components/ui/button.tsx";
import { clock } from "@/components/ui/times.ts";
import type { Prescription } from "@/lib/records/prescription.ts";
import { PrescriptionLines } from "./prescription-lines.tsx";

/**
 * Each stage has its own key: without it React would turn one stage's button into the next one's submit button while it is
 * being pressed, and the press would sign.
 */
export function Panel({ children, foot }: { children: ReactNode; foot: ReactNode }) {
  const body = useRef<HTMLElement>(null);
  useEffect(() => {
    // The pressed button went with its stage: stay in the panel.
    if (document.activeElement === document.body) body.current?.focus();
  }, []);
  return (
    <div className="flex min-h-0 grow flex-col">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section ref={body} tabIndex={0} aria-label="Prescription" className="min-h-0 grow overflow-auto">
        <div className="grid grid-cols-[minmax(0,1fr)] gap-4 p-4">{children}</div>
      </section>
      <div className="flex flex-wrap gap-2 border-t p-3">{foot}</div>
    </div>
  );
}

export function Asked(props: { who: string; at: string; onTakeBack: () => void; children?: ReactNode }) {
  return (
    <Panel
      key="asked"
      foot={
        <Button variant="outline" className="min-h-12 grow" onClick={props.onTakeBack}>
          <Undo2 aria-hidden="true" />
          Take back
        </Button>
      }
    >
      <Alert icon={<Clock aria-hidden="true" />} title={`${props.who} was asked, ${clock(new Date(props.at))}`}>
        Nothing is prescribed before the answer. You can go on talking; this page hears it by itself.
      </Alert>
      {props.children}
    </Panel>
  );
}

export function What({ title, note, prescription }: { title: string; note?: string; prescription: Prescription }) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h2 id={id} className="font-semibold">
        {title}
      </h2>
      {note && <p className="text-table text-muted-foreground">{note}</p>}
      <div className="mt-2">
        <PrescriptionLines prescription={prescription} />
      </div>
    </section>
  );
}

export function WaysOn({ who }: { who: string }) {
  const id = useId();
  const ways = [
    `Talk with ${who}. The choice is theirs alone.`,
    "Send a new visit link: every visit asks anew.",
    "Or prescribe on paper, outside Assent.",
  ];
  return (
    <section aria-labelledby={id}>
      <h2 id={id} className="font-semibold">
        What you can do
      </h2>
      <ol className="mt-2 grid gap-2 text-table">
        {ways.map((way, at) => (
          <li key={way} className="flex gap-2.5">
            <span
              aria-hidden="true"
              className="grid size-6 shrink-0 place-items-center rounded-full bg-secondary text-small font-semibold text-secondary-foreground"
            >
              {at + 1}
            </span>
            {way}
          </li>
        ))}
      </ol>
    </section>
  );
}

/** What a signature under way waits for, once it is slow. */
export function Waiting({ signing, held, who }: { signing: boolean; held: boolean; who: string }) {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    setSlow(false);
    if (!signing) return;
    const timer = setTimeout(() => setSlow(true), 5_000);
    return () => clearTimeout(timer);
  }, [signing]);
  const words = held
    ? `${who} has a question open. This one is signed as soon as it is answered.`
    : "We are waiting for the server. What you wrote is kept.";
  return (
    <p role="status" className="text-table text-muted-foreground">
      {slow ? words : null}
    </p>
  );
}
