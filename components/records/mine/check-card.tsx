import { ShieldCheck } from "lucide-react";
import { Alert } from "@/components/ui/alert.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Progress } from "@/components/ui/progress.tsx";
import { counted } from "@/components/ui/text.ts";
import { clock } from "@/components/ui/times.ts";
import { wordsFor } from "@/lib/strings/apart.ts";
import type { CheckedLooks } from "./check-looks.ts";
import type { Checking, OfVisit } from "./use-check.ts";

const isChecked = (one: OfVisit): one is CheckedLooks => "looks" in one;

interface CheckCardProps {
  checking: Checking;
  /** Visits of which nothing could be read. */
  missing: number;
  onCheck: () => void;
}

/** Holds the list above it to the log and the ledger, and says what came of it. */
export function CheckCard({ checking, missing, onCheck }: CheckCardProps) {
  return (
    <div className="mt-5 grid gap-3" aria-live="polite">
      {checking.is === "done" ? <Outcome checking={checking} missing={missing} /> : null}
      {checking.is === "running" ? (
        <Progress
          label="Checking who looked"
          value={checking.part}
          text={`${Math.round(checking.part * 100)} percent`}
        />
      ) : null}
      <div>
        <Button
          variant="outline"
          size="calm"
          className="max-sm:w-full"
          busy={checking.is === "running"}
          onClick={onCheck}
        >
          {checking.is === "running" ? null : <ShieldCheck aria-hidden="true" />}
          {checking.is === "done" ? "Check again" : "Check this"}
        </Button>
        {checking.is === "done" ? null : (
          <p className="mt-2 text-calm-small text-muted-foreground">
            Your device then holds each line to the practice’s signed log, and that to the ledger.
          </p>
        )}
      </div>
    </div>
  );
}

function Outcome({
  checking: { visits, at },
  missing,
}: Pick<CheckCardProps, "missing"> & { checking: Extract<Checking, { is: "done" }> }) {
  const all = [...visits.values()];
  const checked = all.filter(isChecked);
  const open = all.flatMap((one) => (isChecked(one) ? [] : [one]));
  const wrong = checked.reduce((sum, one) => sum + one.wrong.size, 0);
  const hidden = checked.reduce((sum, one) => sum + one.hidden.length, 0);
  const unlogged = checked.filter((one) => !one.readingLogged).length;
  const faults = checked.flatMap((one) => one.faults);
  const said = [
    wrong > 0 ? `${counted(wrong, "line is", "lines are")} not what the log has: marked above.` : "",
    hidden > 0 ? `The log has ${counted(hidden, "line", "lines")} about your visits that you were not shown.` : "",
    unlogged > 0 ? "The log does not have that you read this list." : "",
    ...faults,
  ].filter(Boolean);
  const lines = checked.reduce((sum, one) => sum + one.looks.length, 0);
  const alone = checked.some((one) => one.alone);
  const whole = open.length === 0 && missing === 0 && !alone;
  return (
    <>
      {said.length > 0 ? (
        <Alert calm tone="danger" role="none" title="This list does not hold">
          {said.map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
          <p>Download the evidence of your visits and show it to someone you trust.</p>
        </Alert>
      ) : checked.length > 0 ? (
        <Alert
          calm
          tone={whole ? "success" : "quiet"}
          role="none"
          icon={<ShieldCheck aria-hidden="true" className={whole ? "text-success" : undefined} />}
          title={whole ? "This list is complete" : "What could be checked holds"}
        >
          <p>
            All {counted(lines, "line", "lines")} of {counted(checked.length, "visit", "visits")}, without a gap, as the
            practice’s log {alone ? "has" : "and the ledger have"} them. Checked on your device at {clock(at)}.
          </p>
          {alone ? <p>The ledger itself couldn’t be asked just now. Try again later.</p> : null}
        </Alert>
      ) : null}
      {open.length > 0 ? (
        <Alert
          calm
          tone="quiet"
          role="none"
          title={`${counted(open.length, "visit", "visits")} couldn’t be checked just now`}
        >
          {[...new Set(open.map(({ fault }) => wordsFor(fault)))].map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
        </Alert>
      ) : null}
    </>
  );
}
