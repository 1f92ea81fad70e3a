"use client";

import Link from "next/link";
import { Alert } from "@/components/ui/alert";
import { counted, figure } from "@/components/ui/text.ts";
import type { OddTime } from "@/lib/audit/clock.ts";
import type { Checked } from "@/lib/audit/walk.ts";
import type { Verification } from "./verification.ts";
import { lasted } from "./words.ts";

const MOST = 20;

/** Lines whose time is in doubt: they hold, but a clock was wrong when they were written, or the ledger late. */
export function OddTimes({ v, here }: { v: Verification; here: boolean }) {
  const lines = [...v.odd.values()].sort((a, b) => a.number - b.number);
  if (lines.length === 0) return null;
  return (
    <Alert tone="warning" className="mt-2" title={title(lines.length)}>
      <p>
        The order of the lines is not in doubt, since they are counted. A clock was wrong when this was written, or the
        ledger was late.
      </p>
      <ul className="mt-1 flex flex-col gap-y-1">
        {lines.slice(0, MOST).map((line) => (
          <li key={line.number}>
            <Way line={line} here={here} /> {line.odd ? apart(line.odd) : ""}
          </li>
        ))}
        {lines.length > MOST ? <li>and {figure(lines.length - MOST)} more</li> : null}
      </ul>
    </Alert>
  );
}

function Way({ line, here }: { line: Checked; here: boolean }) {
  const name = `Line ${figure(line.number)}`;
  if (line.visitId === null) return <span>{name}</span>;
  const to = `#line-${line.number}`;
  const look = "inline-flex min-h-9 items-center underline underline-offset-4";
  return here ? (
    <a href={to} className={look}>
      {name}
    </a>
  ) : (
    <Link href={`/admin/audit/${line.visitId}${to}`} className={look}>
      {name}
    </Link>
  );
}

const title = (many: number) => `${counted(many, "line has", "lines have")} a time that can’t be right`;

/** `says a time 2 h 5 min before the line before it`. */
function apart({ against, by }: OddTime): string {
  const long = lasted(new Date(0).toISOString(), new Date(Math.abs(by)).toISOString());
  const what = against === "line" ? "the line before it" : "its block on the ledger";
  return `says a time ${long} ${by < 0 ? "before" : "after"} ${what}`;
}
