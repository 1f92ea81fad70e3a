"use client";

import { useId, useState } from "react";
import { Alert } from "@/components/ui/alert.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Card } from "@/components/ui/card.tsx";
import { cn } from "@/components/ui/cn.ts";
import { rateCall, SCORES } from "@/lib/call/rating.ts";
import { Refusal } from "@/lib/refusal.ts";
import { ratingWords, wordsFor } from "@/lib/strings/en.ts";
import { ask } from "@/lib/wire.ts";

const key = (visitId: string) => `assent-rated-${visitId}`;

/** One question after a call, answered with one tap or not at all. What is kept is a count without a name. */
export function RatingQuestion({ visitId, calm }: { visitId: string; calm: boolean }) {
  const id = useId();
  const [told, setTold] = useState(() => localStorage.getItem(key(visitId)) !== null);
  const [thanks, setThanks] = useState(false);
  const [fault, setFault] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const done = () => {
    localStorage.setItem(key(visitId), "1");
    setTold(true);
    setThanks(true);
  };
  const tell = async (score: number) => {
    setBusy(true);
    setFault(undefined);
    try {
      await ask(rateCall, { visitId, score });
      done();
    } catch (caught) {
      if (caught instanceof Refusal && caught.code === "call.rated") done();
      else setFault(caught);
    }
    setBusy(false);
  };
  const title = cn("font-semibold", calm && "text-calm");
  if (told && !thanks) return null;
  return (
    <Card calm={calm} aria-labelledby={id} className="@container">
      {thanks ? (
        <div role="status">
          <h2 id={id} className={title}>
            Thank you
          </h2>
          <p className={cn("mt-1 text-muted-foreground", calm ? "text-calm-small" : "text-table")}>
            Your answer is counted without your name.
          </p>
        </div>
      ) : (
        <>
          <h2 id={id} className={title}>
            How were sound and picture?
          </h2>
          <p className={cn("mt-1 text-muted-foreground", calm ? "text-calm-small" : "text-table")}>
            Your answer is counted without your name. You don’t have to answer.
          </p>
          {fault ? (
            <Alert calm={calm} tone="warning" className="mt-3" title="That did not get through">
              {wordsFor(fault)}
            </Alert>
          ) : null}
          {/* biome-ignore lint/a11y/useSemanticElements: a fieldset's legend can't stand in the heading */}
          <div
            role="group"
            aria-labelledby={id}
            className="mt-3 grid gap-2 @min-[19rem]:grid-cols-2 @min-[36rem]:grid-cols-5"
          >
            {SCORES.map((score) => (
              <Button
                key={score}
                variant="outline"
                size={calm ? "calm" : "default"}
                className={cn(
                  "px-2 last:@min-[19rem]:col-span-2 last:@min-[36rem]:col-span-1",
                  calm && "text-calm-small",
                )}
                disabled={busy}
                onClick={() => void tell(score)}
              >
                {ratingWords[score]}
              </Button>
            ))}
          </div>
        </>
      )}
    </Card>
  );
}
