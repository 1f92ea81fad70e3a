"use client";

import { Wifi, WifiLow, WifiOff, WifiZero } from "lucide-react";
import { Button } from "@/components/ui/button.tsx";
import { Spinner } from "@/components/ui/spinner.tsx";
import { type LineQuality, qualityOf } from "@/lib/call/line-test.ts";
import { lineWords } from "./line-words.ts";
import { useLineTest } from "./use-line-test.ts";

const icons = { good: Wifi, "video-poor": WifiLow, "sound-only": WifiZero, none: WifiOff } as const satisfies Record<
  LineQuality,
  unknown
>;

/** Two seconds of trying the line, told in a sentence; what is thin comes with advice and another try. */
export function LineCheck() {
  const { test, again } = useLineTest(true);
  const quality = test.is === "done" ? qualityOf(test.found) : undefined;
  const Icon = quality ? icons[quality] : Wifi;
  const { says, todo } = quality ? lineWords[quality] : { says: "Trying your line", todo: null };
  return (
    <div className="grid gap-2">
      <div role="status" className="flex gap-3">
        {quality ? (
          <Icon
            aria-hidden="true"
            className={`size-6 shrink-0 ${quality === "good" ? "text-success" : "text-warning"}`}
          />
        ) : (
          <span className="grid size-6 shrink-0 place-items-center text-muted-foreground">
            <Spinner />
          </span>
        )}
        <p>
          {quality && quality !== "good" ? <strong className="font-semibold">{says}</strong> : says}
          {todo ? ` ${todo}` : null}
        </p>
      </div>
      {quality && quality !== "good" ? (
        <Button variant="outline" size="calm" className="text-calm-small" onClick={again}>
          Try the line again
        </Button>
      ) : null}
    </div>
  );
}
