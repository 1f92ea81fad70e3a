"use client";

import { useEffect, useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogClose, DialogContent } from "@/components/ui/dialog.tsx";
import { Loading } from "@/components/ui/skeleton.tsx";
import type { Call, OtherView } from "@/lib/call/call-view.browser.ts";
import { type Figures, figuresOf, type Reading, readingOf } from "@/lib/call/figures.ts";

const EVERY_MS = 1_000;

interface QualityDialogProps {
  call: Call;
  others: readonly OtherView[];
  nameOf: (other: OtherView) => string;
  open: boolean;
  onOpen: (open: boolean) => void;
}

/** How the connections are: first in words, then in figures. They are read from the browser and go nowhere. */
export function QualityDialog({ call, others, nameOf, open, onOpen }: QualityDialogProps) {
  return (
    <Dialog open={open} onOpenChange={onOpen}>
      <DialogContent
        title="Call quality"
        description="Measured on this device, every second. Nobody else is told these figures."
      >
        {others.map((other) => (
          <OneLine key={other.member} call={call} other={other} name={nameOf(other)} alone={others.length === 1} />
        ))}
        <DialogClose asChild>
          <Button className="min-h-11 justify-self-end">Done</Button>
        </DialogClose>
      </DialogContent>
    </Dialog>
  );
}

function OneLine({ call, other, name, alone }: { call: Call; other: OtherView; name: string; alone: boolean }) {
  const live = other.state.is === "live";
  const figures = useFigures(call, other.member, live);
  const words = figures ? verdicts[figures.verdict] : undefined;
  return (
    <section aria-label={`Connection with ${name}`}>
      {alone ? null : <h3 className="font-semibold">{name}</h3>}
      {!live ? (
        <p>There is no connection with {name} just now.</p>
      ) : figures && words ? (
        <>
          {/* Told once when it changes, not with every figure. */}
          <p role="status">
            <strong className="font-semibold">{words.title}</strong> {words.text}
          </p>
          <dl className="figures mt-2 grid grid-cols-[1fr_auto] gap-x-6 gap-y-1 text-table">
            {rowsOf(figures).map(([what, value]) => (
              <div key={what} className="contents">
                <dt className="text-muted-foreground">{what}</dt>
                <dd className="text-right">{value}</dd>
              </div>
            ))}
          </dl>
        </>
      ) : (
        <Loading label="Measuring" />
      )}
    </section>
  );
}

function useFigures(call: Call, member: OtherView["member"], live: boolean): Figures | null {
  const [figures, setFigures] = useState<Figures | null>(null);
  useEffect(() => {
    if (!live) return setFigures(null);
    let before: Reading | undefined;
    let gone = false;
    const look = async () => {
      const stats = await call.stats(member).catch(() => undefined);
      if (!stats || gone) return;
      const now = readingOf(stats.values() as Iterable<Record<string, unknown>>);
      const found = before && figuresOf(before, now);
      before = now;
      if (found) setFigures(found);
    };
    void look();
    const timer = setInterval(() => void look(), EVERY_MS);
    return () => {
      gone = true;
      clearInterval(timer);
    };
  }, [call, member, live]);
  return figures;
}

const verdicts = {
  good: { title: "The line is good.", text: "Sound and picture come as they should." },
  fair: { title: "The line is a little weak.", text: "You may hear short gaps, or speak over each other." },
  poor: {
    title: "The line is weak.",
    text: "If you can’t follow, turn your camera off, or move closer to your router.",
  },
} as const;

function rowsOf({ roundTrip, lost, in: down, out, frames, width, height, relayed }: Figures): [string, string][] {
  return [
    ["There and back", roundTrip === undefined ? "not known yet" : `${Math.round(roundTrip)} ms`],
    ["Lost on the way", `${lost < 10 ? lost.toFixed(1) : Math.round(lost)} %`],
    ["Coming in", speed(down)],
    ["Going out", speed(out)],
    ["Picture", width > 0 ? `${width} × ${height}, ${Math.round(frames)} a second` : "none"],
    ["Way", relayed ? "over a relay, still encrypted" : "direct"],
  ];
}

const speed = (kbits: number) =>
  kbits < 1_000 ? `${Math.round(kbits)} kbit/s` : `${(kbits / 1_000).toFixed(1)} Mbit/s`;
