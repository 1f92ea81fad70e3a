import type { ReactNode } from "react";

/** One line of a `dl`: what it is, and how it is; one below the other where both are long. */
export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex flex-wrap justify-between gap-x-4 border-t py-2">
      <dt className="text-muted-foreground">{name}</dt>
      <dd className="min-w-0 font-semibold break-words whitespace-pre-line">{children}</dd>
    </div>
  );
}
