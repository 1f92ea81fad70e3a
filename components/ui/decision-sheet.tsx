"use client";

import { type ReactNode, useEffect, useRef } from "react";

/** A decision beside the picture on a wide screen, under it on a phone; never over it. Takes the focus and gives it back. */
export function DecisionSheet({ label, children }: { label: string; children: ReactNode }) {
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    frame.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <div
      ref={frame}
      role="dialog"
      aria-label={label}
      tabIndex={-1}
      className="relative z-10 flex max-h-[74dvh] min-h-0 shrink-0 flex-col rounded-t-2xl bg-card text-card-foreground shadow-sheet outline-none max-lg:-mt-5 lg:max-h-none lg:rounded-none lg:border-l lg:shadow-none"
    >
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label={label}
        className="min-h-0 grow overflow-auto p-[min(1.25rem,5vw)] text-calm lg:p-6"
      >
        {children}
      </section>
    </div>
  );
}
