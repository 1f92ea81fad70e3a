"use client";

import { X } from "lucide-react";
import { useEffect, useState, useSyncExternalStore } from "react";
import { Button } from "./button.tsx";

interface Toast {
  id: number;
  says: string;
}

let shown: readonly Toast[] = [];
let last = 0;
const listeners = new Set<() => void>();

function show(next: readonly Toast[]): void {
  shown = next;
  for (const listener of listeners) listener();
}

/** Only for what needs no answer: "Link copied". */
export function toast(says: string): void {
  last += 1;
  show([...shown.slice(-2), { id: last, says }]);
}

const drop = (id: number) => show(shown.filter((one) => one.id !== id));
const none: readonly Toast[] = [];

/** Bottom left, away from a call's controls. Six seconds, and no less while a pointer or the focus is on it. */
export function Toaster() {
  const toasts = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => shown,
    () => none,
  );
  return (
    <div role="status" aria-label="Messages" className="fixed bottom-4 left-4 z-50 grid justify-items-start gap-2">
      {toasts.map((one) => (
        <Message key={one.id} toast={one} />
      ))}
    </div>
  );
}

function Message({ toast: { id, says } }: { toast: Toast }) {
  const [held, hold] = useState(false);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => drop(id), 6_000);
    return () => clearTimeout(timer);
  }, [held, id]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a pointer or the focus on it only stops the clock
    <div
      className="flex max-w-[min(26rem,calc(100vw-2rem))] items-center gap-2 rounded-lg border bg-popover py-1 pr-1 pl-4 text-popover-foreground shadow-pop animate-in fade-in-0 slide-in-from-bottom-2 duration-(--calm)"
      onPointerEnter={() => hold(true)}
      onPointerLeave={() => hold(false)}
      onFocus={() => hold(true)}
      onBlur={() => hold(false)}
    >
      {says}
      <Button variant="ghost" size="icon" aria-label="Close" title="Close" onClick={() => drop(id)}>
        <X aria-hidden="true" />
      </Button>
    </div>
  );
}
