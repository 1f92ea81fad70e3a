"use client";

import { RotateCw, TriangleAlert } from "lucide-react";
import { type ReactNode, useId } from "react";
import { Button } from "@/components/ui/button.tsx";
import type { Help } from "./trouble-steps.ts";

/** Takes the place of what is missing: what, why, numbered steps, and below a rule what works anyway. */
export function TroubleCard({
  help,
  busy,
  again = "Try again",
  onAgain,
  children,
}: {
  help: Help;
  busy: boolean;
  /** The button, where it does not try the same again. */
  again?: string;
  onAgain: () => void;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="rounded-xl border bg-card p-[min(1.25rem,5vw)]">
      <div className="flex gap-3.5">
        <TriangleAlert aria-hidden="true" className="mt-0.5 size-8 shrink-0 text-warning" />
        <div>
          <div role="status">
            <h2 id={id} className="text-lead font-semibold">
              {help.title}
            </h2>
          </div>
          <p className="text-calm-small text-muted-foreground">{help.why}</p>
        </div>
      </div>
      <ol className="mt-4 grid gap-3">
        {help.steps.map((step, at) => (
          <li key={step} className="flex gap-3">
            <span
              aria-hidden="true"
              className="grid size-8 shrink-0 place-items-center rounded-full bg-secondary text-calm-small font-semibold text-secondary-foreground"
            >
              {at + 1}
            </span>
            <span className="pt-0.5">{step}</span>
          </li>
        ))}
      </ol>
      <div className="mt-5 grid gap-3">
        <Button variant="outline" size="calm" className="w-full" busy={busy} onClick={onAgain}>
          {busy ? null : <RotateCw aria-hidden="true" />}
          {again}
        </Button>
      </div>
      <div className="mt-5 grid gap-4 border-t pt-4 text-calm-small">{children}</div>
    </section>
  );
}
