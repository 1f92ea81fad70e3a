import { CircleAlert } from "lucide-react";
import Link from "next/link";
import type { LedgerNow } from "@/components/auth/use-ledger.ts";
import { Alert } from "@/components/ui/alert";
import { buttonClass } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { changedClass } from "@/components/ui/table";
import { counted, figure } from "@/components/ui/text.ts";
import { day } from "@/components/ui/times.ts";
import type { Overview } from "@/lib/audit/overview.ts";
import { storesAlarm } from "./store-words.ts";
import { troubleWords } from "./trouble-words.ts";
import { startVerification, useVerification } from "./verification.ts";
import { timeIn } from "./words.ts";

/** What the last check of the whole log found wrong, before anything else on the page. */
export function BrokenLines({ verified, ledger }: { verified: Overview["verified"]; ledger: LedgerNow | undefined }) {
  const kept = useVerification(null);
  if (!verified || verified.failed === 0) return null;
  const { lines, failed, line } = verified;
  // Only a browser that checks knows which lines: this one begins, and the page it leads to shows what it finds.
  const check = () => {
    if (!kept && ledger)
      startVerification({ ledger: { chainId: ledger.chainId, address: ledger.address }, since: ledger.since });
  };
  const way = failed === 1 && line?.visitId ? `/admin/audit/${line.visitId}#line-${line.number}` : "/admin/audit";
  return (
    <div
      role="status"
      className={cn(
        "mt-4 flex flex-wrap items-center justify-between gap-x-4 gap-y-2 rounded-lg px-4 py-2.5 text-table sm:px-5",
        changedClass,
      )}
    >
      <p className="flex items-start gap-2.5">
        <CircleAlert aria-hidden="true" className="mt-px size-5 shrink-0 text-destructive" />
        <span>
          <strong className="font-semibold">{holdWords(lines, failed)}.</strong>{" "}
          {line
            ? `${failed === 1 ? "The line" : "The first"} is of ${timeIn(line.at, (at) => day(at))}.`
            : "Lines are missing, or an act on the ledger has no line."}
        </span>
      </p>
      <Link href={way} onClick={check} className={cn(buttonClass({ variant: "outline", size: "sm" }), "min-h-10")}>
        {failed === 1 ? "Show the line" : "Show the lines"}
      </Link>
    </div>
  );
}

/** `347 of 348 lines hold, 1 doesn’t`. */
export function holdWords(lines: number, failed: number): string {
  if (failed === 0) return `${counted(lines, "line", "lines")}, all hold`;
  const hold = Math.max(0, lines - failed);
  return `${figure(hold)} of ${counted(lines, "line holds", "lines hold")}, ${failed === 1 ? "1 doesn’t" : `${figure(failed)} don’t`}`;
}

/** The ledger takes nothing, or soon can't: told where the admin looks first. */
export function LedgerTrouble({ ledger }: { ledger: LedgerNow | undefined }) {
  if (!ledger) return null;
  if (ledger.state !== "read-only") {
    const words = ledger.trouble ? troubleWords[ledger.trouble] : null;
    return words ? (
      <Alert tone="warning" className="mt-4" title={words.title}>
        {words.text}
      </Alert>
    ) : null;
  }
  return (
    <Alert tone="danger" className="mt-4" title="The ledger is read-only: it doesn’t match what was kept">
      Nothing new can be recorded, and visits can’t begin, until somebody has looked and started the server again.{" "}
      {ledger.local
        ? "What is on it can still be read and verified. The server’s log says which block differs; a backup of the data folder brings the ledger back."
        : "The node that the server asks is on another chain, or its chain is not what it was: the server’s log says which. What was kept here is kept; it can be verified once the right node answers."}
    </Alert>
  );
}

/** A store for files that is lost, or files that are: told where the admin looks first. */
export function StoresTrouble({ storage }: { storage: Overview["storage"] }) {
  const alarm = storesAlarm(storage);
  return alarm ? (
    <Alert tone={alarm.tone === "danger" ? "danger" : "warning"} className="mt-4" title={alarm.title}>
      {alarm.text}
    </Alert>
  ) : null;
}
