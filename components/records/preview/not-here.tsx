import type { ReactNode } from "react";

/** In place of what can't be shown; it can still be saved. */
export function NotHere({ children }: { children: ReactNode }) {
  return (
    <p role="status" className="absolute inset-0 grid place-content-center p-6 pb-20 text-center text-stage-foreground">
      {children} You can save a copy and open it with a program of your own.
    </p>
  );
}
