"use client";

import { BookLock } from "lucide-react";
import { cn } from "@/components/ui/cn";
import { counted, figure } from "@/components/ui/text.ts";
import { useLedger } from "./use-ledger.ts";

/** Which ledger this clinic writes to, by what it is, and whether it keeps up. */
export function LedgerCard() {
  const ledger = useLedger(15_000);
  const status = ledger.data;
  const says = () => {
    if (ledger.isError) return "Can’t be reached right now";
    if (!status) return "Looking";
    if (status.state === "read-only") return "Read only: it doesn’t match what was kept";
    if (status.behind > 0 || status.state === "behind") {
      return `${status.trouble ? "Held up" : "Catching up"}, ${counted(status.behind, "line waits", "lines wait")}`;
    }
    if (status.state === "low-balance") return "Up to date; its account runs low";
    return `Up to date, block ${figure(status.block)}`;
  };
  return (
    <div className="rounded-lg border border-sidebar-border px-3 py-2.5 text-small">
      <p className="flex items-center gap-2 font-semibold">
        <BookLock aria-hidden="true" className="size-4 shrink-0" />
        {status?.label ?? "Ledger"}
      </p>
      <p
        className={cn(
          "figures",
          status?.state === "read-only" ? "font-semibold text-destructive" : "text-muted-foreground",
        )}
      >
        {says()}
      </p>
    </div>
  );
}
