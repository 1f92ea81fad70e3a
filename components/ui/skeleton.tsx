"use client";

import { type ReactNode, useEffect, useState } from "react";
import { cn } from "./cn.ts";

/** One grey bar of the layout that is coming. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden="true" className={cn("skeleton block", className)} />;
}

interface LoadingProps {
  /** "Loading visits". */
  label: string;
  /** After five seconds: what we wait for, in a sentence. */
  slow?: string;
  /** Skeletons in the final layout; appear after 300 ms, so that what is quick does not flicker. */
  children?: ReactNode;
  className?: string;
}

export function Loading({ label, slow, children, className }: LoadingProps) {
  const [late, isLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => isLate(true), 5_000);
    return () => clearTimeout(timer);
  }, []);
  return (
    <section aria-busy="true" aria-label={label} className={cn("appear-late min-w-0", className)}>
      {children ?? <Rows />}
      <p role="status" className={cn("text-muted-foreground", late && slow && "mt-4")}>
        {late ? slow : null}
      </p>
    </section>
  );
}

function Rows() {
  return (
    <div className="grid gap-4">
      {[0, 1, 2].map((row) => (
        <div key={row} className="grid grid-cols-[3rem_minmax(0,1fr)_5rem] items-center gap-4">
          <Skeleton className="h-4 w-12" />
          <div className="grid gap-2">
            <Skeleton className="h-4 w-full max-w-40" />
            <Skeleton className="h-3 w-full max-w-56" />
          </div>
          <Skeleton className="h-6 w-full" />
        </div>
      ))}
    </div>
  );
}
