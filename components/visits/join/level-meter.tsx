"use client";

import { Mic, MicOff } from "lucide-react";
import { useEffect, useState, useSyncExternalStore } from "react";
import { cn } from "@/components/ui/cn.ts";
import type { Media } from "@/lib/call/media.browser.ts";

const BARS = 12;
const bars = Array.from({ length: BARS }, (_, at) => at);
/** Louder than a quiet room, from 0 to 1. */
export const HEARD = 0.35;
/** Speech comes and goes: one word counts this long. */
const HOLD_MS = 4_000;

/** Twelve bars for the eye, one sentence for everyone; `bare` where the sentence stands elsewhere. */
export function LevelMeter({ media, bare }: { media: Media; bare?: boolean }) {
  const level = useSyncExternalStore(media.level.subscribe, media.level.getSnapshot, () => 0);
  const loud = level > HEARD;
  const [heard, setHeard] = useState(false);
  const [ever, setEver] = useState(false);
  useEffect(() => {
    if (loud) {
      setHeard(true);
      setEver(true);
      return;
    }
    const timer = setTimeout(() => setHeard(false), HOLD_MS);
    return () => clearTimeout(timer);
  }, [loud]);
  const lit = Math.round(level * BARS);
  const Icon = ever ? Mic : MicOff;
  const shown = (
    <span className="flex gap-1" aria-hidden="true">
      {bars.map((bar) => (
        <span key={bar} className={cn("h-3 flex-1 rounded-sm", bar < lit ? "bg-success" : "bg-border")} />
      ))}
    </span>
  );
  if (bare) return shown;
  return (
    <div className="flex items-center gap-3">
      <Icon aria-hidden="true" className={cn("size-6 shrink-0", ever ? "text-success" : "text-muted-foreground")} />
      <div className="grid grow gap-1.5">
        <p role="status" className="font-semibold">
          {heard
            ? "We can hear you"
            : ever
              ? "We heard you. It is quiet now"
              : "Say something, so that we can hear you"}
        </p>
        {shown}
      </div>
    </div>
  );
}
