import { CircleAlert, CircleCheck, CircleDashed, Link2 } from "lucide-react";
import { cn } from "@/components/ui/cn";
import { Spinner } from "@/components/ui/spinner";
import { counted } from "@/components/ui/text.ts";
import type { Verdict } from "@/lib/audit/verify.ts";
import type { Verification } from "./verification.ts";

const look =
  "inline-flex items-center gap-1.5 align-middle font-semibold whitespace-nowrap [&>svg]:size-4 [&>svg]:shrink-0";

/** What a check says of one line: icon and words, never colour alone. */
export function LineIntegrity({ verdict, running }: { verdict: Verdict | null; running: boolean }) {
  if (!verdict) return running ? <Checking /> : <Quiet>Not checked</Quiet>;
  if (verdict.is === "changed") {
    return (
      <span className={cn(look, "text-destructive")}>
        <CircleAlert aria-hidden="true" />
        Changed
      </span>
    );
  }
  if (verdict.is === "pending") {
    return <Waiting>{verdict.reason ? "Held back by the ledger" : "Not on the ledger yet"}</Waiting>;
  }
  if (verdict.is === "chained") {
    return (
      <span className={cn(look, "text-muted-foreground")}>
        <Link2 aria-hidden="true" />
        In the log
      </span>
    );
  }
  return <Holds />;
}

/** The same of a session: the worst of its lines. */
export function SessionIntegrity({ verification, visitId }: { verification: Verification | null; visitId: string }) {
  const tally = verification?.visits.get(visitId);
  const running = verification?.is === "running";
  if (tally && tally.changed > 0) {
    return (
      <span className={cn(look, "text-destructive")}>
        <CircleAlert aria-hidden="true" />
        {counted(tally.changed, "line changed", "lines changed")}
      </span>
    );
  }
  if (running) return tally ? <Checking /> : <Quiet>Waiting</Quiet>;
  if (!tally || verification?.is !== "done") return <Quiet>Not checked</Quiet>;
  if (tally.pending > 0) return <Waiting>{`${tally.pending} not on the ledger yet`}</Waiting>;
  return tally.holds > 0 ? <Holds /> : <LineIntegrity verdict={{ is: "chained" }} running={false} />;
}

function Holds() {
  return (
    <span className={cn(look, "text-success")}>
      <CircleCheck aria-hidden="true" />
      Holds
    </span>
  );
}

function Waiting({ children }: { children: string }) {
  return (
    <span className={cn(look, "text-state-sent")}>
      <CircleDashed aria-hidden="true" />
      {children}
    </span>
  );
}

function Checking() {
  return (
    <span className={cn(look, "font-normal")}>
      <Spinner />
      Checking
    </span>
  );
}

const Quiet = ({ children }: { children: string }) => (
  <span className="whitespace-nowrap text-muted-foreground">{children}</span>
);
