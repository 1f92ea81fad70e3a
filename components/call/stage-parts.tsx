"use client";

import { Lock, MicOff, Wifi, WifiLow } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { cn } from "@/components/ui/cn.ts";

const pillText = "rounded-full bg-stage/85 px-3 py-1 text-[min(0.9375rem,19px)] leading-snug text-stage-foreground";

/** "Permission active", and the way to take it back. */
export function PermissionBadge({ children }: { children?: ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset holds a form's fields, and here are none
    <div
      role="group"
      aria-label="Permission active"
      className={cn("inline-flex max-w-full flex-wrap items-center gap-x-2 font-semibold", pillText)}
    >
      <span className="size-2.5 rounded-full bg-[oklch(0.79_0.125_157)]" aria-hidden="true" />
      <span>Permission active</span>
      {children}
    </div>
  );
}

/** Somebody asks something of this person: opens the question. */
export function AskPill({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  return (
    <button
      type="button"
      className="inline-flex min-h-8 cursor-pointer items-center rounded-full bg-attention px-3 py-1 text-[min(0.9375rem,19px)] leading-snug font-semibold text-attention-foreground"
      onClick={onClick}
    >
      {children}
    </button>
  );
}

/** Both ends of every connection are signed for and checked; without that there is none. On a phone it is only said. */
export function PrivatePill() {
  return (
    <p className={cn("inline-flex items-center gap-1.5 max-sm:sr-only", pillText)}>
      <Lock aria-hidden="true" className="size-4 shrink-0" />
      Private, checked
    </p>
  );
}

/** `12:41`, or `1:02:41` after an hour. */
function elapsed(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, i) => (i === 0 ? String(part) : String(part).padStart(2, "0"))).join(":");
}

/** Ticks by itself, so that nothing else is drawn again every second. */
export function Elapsed({ since, className }: { since: number | undefined; className?: string }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  if (since === undefined) return null;
  return (
    <time className={className}>
      <span className="sr-only">Time in this visit: </span>
      {elapsed((now - since) / 1_000)}
    </time>
  );
}

/** What is known of a line that is not as it should be; heard by screen readers when it changes. */
export function LineNote({ children }: { children: string | undefined }) {
  return (
    <p role="status" className={children && cn("max-w-[32rem] rounded-xl", pillText)}>
      {children}
    </p>
  );
}

/** How the line is, in a sign and a word for those who don't see it. */
export function LinePill({ good, since, className }: { good: boolean; since: number | undefined; className?: string }) {
  const Icon = good ? Wifi : WifiLow;
  return (
    <p className={cn("figures inline-flex items-center gap-2", pillText, className)}>
      <Icon aria-hidden="true" className="size-4 shrink-0" />
      <span className="sr-only">{good ? "Line: good." : "Line: weak. The call goes on."}</span>
      <Elapsed since={since} />
    </p>
  );
}

export function NamePill({
  name,
  role,
  muted,
  className,
  children,
}: {
  name: string;
  role: string | undefined;
  muted: boolean;
  className?: string;
  children?: ReactNode;
}) {
  return (
    <p
      className={cn(
        "absolute z-10 inline-flex items-center gap-2 rounded-md bg-stage/85 px-3 py-1 text-[min(1.0625rem,20px)] leading-snug text-stage-foreground",
        className,
      )}
    >
      {muted ? <MicOff aria-hidden="true" className="size-4 shrink-0" /> : null}
      <span className="line-clamp-2 min-w-0 break-words">
        <span className="font-semibold">{name}</span>
        {role ? ` ${role}` : null}
        {muted ? <span className="sr-only">, muted</span> : null}
        {children}
      </span>
    </p>
  );
}
