"use client";

import { CircleAlert, CircleCheck, CircleDashed } from "lucide-react";
import Link from "next/link";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Alert } from "@/components/ui/alert";
import { Button, buttonClass } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { cn } from "@/components/ui/cn";
import { useFocusKept } from "@/components/ui/focus-return.ts";
import { changedClass } from "@/components/ui/table";
import { counted, figure } from "@/components/ui/text.ts";
import { clock } from "@/components/ui/times.ts";
import type { Checked, Fault } from "@/lib/audit/walk.ts";
import { ChangedLine } from "./changed-line.tsx";
import { OddTimes } from "./odd-times.tsx";
import type { Verification } from "./verification.ts";
import { failureWords, faultWords } from "./words.ts";

interface VerificationCardProps {
  verification: Verification;
  /** True for the embedded ledger, which only this clinic runs. */
  local: boolean;
  /** On the session's own page: the lines are further down. */
  here?: boolean;
  onStop: () => void;
  onAgain: () => void;
}

/** How far the check is, and what came out. */
export function VerificationCard(props: VerificationCardProps) {
  const { is } = props.verification;
  const card = useRef<HTMLDivElement>(null);
  // Stop goes with the end of the check, and Check again with its beginning.
  useFocusKept(card, is);
  return (
    <div ref={card} tabIndex={-1} className="outline-none">
      {is === "running" ? <Running {...props} /> : <Result {...props} />}
    </div>
  );
}

function Running({ verification: v, onStop }: VerificationCardProps) {
  const [now, tick] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => tick(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  const part = v.last > 0 ? Math.min(1, v.lines / v.last) : 0;
  const left = part > 0.02 && part < 1 ? Math.ceil(((now - v.startedAt) / 1000) * (1 / part - 1)) : null;
  const hold = v.holds + v.chained;
  return (
    <Card className="mt-4 p-4 sm:p-5" aria-label="Verification">
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <div>
          <h2 className="text-[1.125rem] font-semibold">Checking in this browser</h2>
          <p className="text-table text-muted-foreground">
            {v.lines === 0 ? (
              "Reading the ledger."
            ) : (
              <>
                {figure(v.lines)} of {counted(Math.max(v.last, v.lines), "line", "lines")}.{" "}
                <span className="font-semibold text-success">{figure(hold)} hold</span>
                {v.changed.size > 0 ? (
                  <>
                    , <span className="font-semibold text-destructive">{doesNot(v.changed.size)}</span>
                  </>
                ) : null}
                .{left === null ? "" : ` About ${counted(left, "second", "seconds")} left.`}
              </>
            )}
          </p>
        </div>
        <Button variant="outline" size="sm" className="min-h-10" onClick={onStop}>
          Stop
        </Button>
      </div>
      <div
        role="progressbar"
        aria-label="Lines checked"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(part * 100)}
        aria-valuetext={`${figure(v.lines)} of ${figure(v.last)} lines`}
        className="mt-3 flex h-3 gap-px overflow-hidden rounded-full bg-border"
      >
        <div className="bg-success" style={{ width: `${part * 100}%` }} />
        {v.changed.size > 0 ? <div className="w-3 shrink-0 bg-destructive" /> : null}
      </div>
      <Checks v={v} />
      <p className="mt-3 text-small text-muted-foreground">Read from the ledger through this clinic’s node.</p>
    </Card>
  );
}

const doesNot = (n: number) => (n === 1 ? "1 doesn’t" : `${figure(n)} don’t`);

/** What is being asked of every line. Red where a line failed it. */
function Checks({ v }: { v: Verification }) {
  const failed = new Set<string>();
  for (const { verdict } of v.changed.values()) {
    if (verdict.is === "changed") for (const { what } of verdict.differs) failed.add(what);
  }
  const any = (...whats: string[]) => whats.some((what) => failed.has(what));
  const anew = v.faults.some(isAnew);
  const cut = v.faults.some((fault) => !isAnew(fault));
  const checks = [
    { label: "Each line is as it was sealed", wrong: any("hash", "seen") },
    { label: "No line is missing", wrong: cut || any("gap", "of-visit", "omitted") },
    { label: "The log only grew", wrong: anew },
    { label: "Signatures are their people’s", wrong: any("signature", "approval", "revocation", "author", "who") },
    {
      label: "The ledger says the same",
      wrong: [...failed].some(
        (what) =>
          !["hash", "seen", "gap", "of-visit", "signature", "approval", "revocation", "author", "who"].includes(what),
      ),
    },
  ];
  const done = v.is === "done";
  return (
    <ul className="mt-3 grid gap-x-8 gap-y-1 text-table sm:grid-cols-2 xl:grid-cols-5">
      {checks.map(({ label, wrong }) => {
        const Icon = wrong ? CircleAlert : done ? CircleCheck : CircleDashed;
        const tone = wrong ? "text-destructive" : done ? "text-success" : "text-muted-foreground";
        return (
          <li key={label} className="flex items-center gap-2">
            <Icon aria-hidden="true" className={cn("size-4 shrink-0", tone)} />
            <span>
              {label}
              {wrong ? <span className="sr-only">: not so</span> : null}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

/** Not one line, but the whole log is another than the one that was signed and anchored. */
const isAnew = (fault: Fault) => fault.is === "rewritten" || fault.is === "unsigned";

function Result({ verification: v, local, here = false, onAgain }: VerificationCardProps) {
  if (v.is === "failed") {
    return (
      <Alert tone="warning" className="mt-4" title="The check did not come to its end">
        <p>
          {failureWords(v.failure ?? "server.broke")}{" "}
          {v.lines > 0 ? `${counted(v.lines, "line was", "lines were")} checked before.` : ""}
        </p>
        <Button variant="outline" size="sm" className="mt-2" onClick={onAgain}>
          Check again
        </Button>
      </Alert>
    );
  }
  const wrong = v.changed.size + v.faults.length;
  const stopped = v.is === "stopped";
  return (
    <section className="mt-4" aria-label="Verification">
      <div
        role={wrong > 0 ? "alert" : "status"}
        className={cn(
          "flex flex-wrap items-center justify-between gap-x-4 gap-y-2 rounded-lg px-4 py-2.5 text-table sm:px-5",
          wrong > 0 ? changedClass : stopped ? "bg-muted" : "bg-success-soft",
        )}
      >
        <p className="flex items-start gap-2.5">
          {wrong > 0 ? (
            <CircleAlert aria-hidden="true" className="mt-px size-5 shrink-0 text-destructive" />
          ) : stopped ? (
            <CircleDashed aria-hidden="true" className="mt-px size-5 shrink-0 text-muted-foreground" />
          ) : (
            <CircleCheck aria-hidden="true" className="mt-px size-5 shrink-0 text-success" />
          )}
          <span>
            <strong className="font-semibold">{headline(v)}</strong> {rest(v)}
          </span>
        </p>
        {v.changed.size === 1 ? <ShowLine line={[...v.changed.values()][0]!} here={here} /> : null}
      </div>
      {v.faults.map((fault) => (
        <Alert key={faultWords(fault)} tone="danger" role="alert" className="mt-2" title={faultWords(fault)}>
          What is sealed and what is on the ledger is what can be proved.
        </Alert>
      ))}
      <Loose v={v} here={here} />
      <OddTimes v={v} here={here} />
      <p className="mt-2 max-w-[60rem] text-small text-muted-foreground">{limits(local)}</p>
    </section>
  );
}

function headline(v: Verification): string {
  const hold = v.holds + v.chained;
  const missing = v.faults.length > 0 && v.changed.size === 0;
  if (v.faults.some(isAnew)) return "This is not the log that was sealed.";
  if (missing) return "Lines are missing.";
  if (v.changed.size > 0) {
    const some = counted(v.changed.size, "line changed", "lines changed");
    return `${figure(hold)} of ${counted(v.lines, "line holds", "lines hold")}, ${some}.`;
  }
  if (v.is === "stopped") return `Stopped after ${counted(v.lines, "line", "lines")}, all of which hold.`;
  if (v.pending > 0) {
    const waits = v.pending === 1 ? "1 is not on the ledger yet" : `${figure(v.pending)} are not on the ledger yet`;
    return `${figure(hold)} of ${counted(v.lines, "line holds", "lines hold")}, ${waits}.`;
  }
  return `${counted(v.lines, "line", "lines")}, all hold.`;
}

function rest(v: Verification): string {
  const at = v.endedAt ? `Checked in this browser at ${clock(new Date(v.endedAt))}.` : "";
  return `${figure(v.holds)} held against the ledger, ${figure(v.chained)} in the log’s own chain. ${at}`;
}

function ShowLine({ line, here }: { line: Checked; here: boolean }) {
  if (line.visitId === null) return null;
  const look = buttonClass({ variant: "outline", size: "sm" });
  return (
    <WayTo line={line} here={here} className={look}>
      Show the line
    </WayTo>
  );
}

function WayTo(props: { line: Checked; here: boolean; className: string; children: ReactNode }) {
  const { line, here, className, children } = props;
  const hash = `#line-${line.number}`;
  if (here) {
    return (
      <a href={hash} className={className}>
        {children}
      </a>
    );
  }
  return (
    <Link href={`/admin/audit/${line.visitId}${hash}`} className={className}>
      {children}
    </Link>
  );
}

const MOST = 20;

/** Changed lines that no session shows, in full; of several others, the way to each. */
function Loose({ v, here }: { v: Verification; here: boolean }) {
  const lines = [...v.changed.values()].sort((a, b) => a.number - b.number);
  const loose = lines.filter(({ visitId }) => visitId === null).slice(0, MOST);
  const placed = lines.filter(({ visitId }) => visitId !== null);
  return (
    <>
      {loose.map((line) => (
        <div key={line.number} className="mt-2">
          <p className="mb-1 text-table font-semibold">Line {figure(line.number)} of the log</p>
          <ChangedLine
            number={line.number}
            differs={line.verdict.is === "changed" ? line.verdict.differs : []}
            people={new Map()}
          />
        </div>
      ))}
      {placed.length > 1 ? (
        <ul className="mt-2 flex flex-wrap gap-x-5 gap-y-1 text-table">
          {placed.slice(0, MOST).map((line) => (
            <li key={line.number}>
              <WayTo line={line} here={here} className="inline-flex min-h-9 items-center underline underline-offset-4">
                Show line {figure(line.number)}
              </WayTo>
            </li>
          ))}
          {placed.length > MOST ? (
            <li className="text-muted-foreground">and {figure(placed.length - MOST)} more</li>
          ) : null}
        </ul>
      ) : null}
    </>
  );
}

/** What this proves and what it doesn't, by what kind of ledger it was held against. */
function limits(local: boolean): string {
  const whose = local
    ? "This ledger is local: only this clinic runs it. It shows what was changed in the database; it can’t show that database and ledger were not both thrown away and made anew."
    : "This ledger is a network’s. As far as others run that network too, this clinic can’t undo what is on it. It was read through this clinic’s node.";
  return `${whose} Lines in the log’s own chain never went to the ledger: they are held to the lines around them.`;
}
