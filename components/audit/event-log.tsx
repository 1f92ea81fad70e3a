import Link from "next/link";
import { Fragment } from "react";
import { cn } from "@/components/ui/cn";
import { RecordState } from "@/components/ui/record-state";
import { changedClass, Td, Th, Tr } from "@/components/ui/table";
import { figure } from "@/components/ui/text.ts";
import { clockWithSeconds, shortDayAndYear } from "@/components/ui/times.ts";
import type { Line } from "@/lib/audit/api.ts";
import { ChangedLine } from "./changed-line.tsx";
import { LineIntegrity } from "./integrity.tsx";
import { type Verification, verdictOf } from "./verification.ts";
import { What } from "./what.tsx";
import { timeIn, whatOf, whoOf, whyRefused } from "./words.ts";

interface EventLogProps {
  lines: readonly Line[];
  people: ReadonlyMap<string, string>;
  verification: Verification | null;
}

const whenOf = (at: string) => timeIn(at, (time) => `${shortDayAndYear(time)} ${clockWithSeconds(time)}`);

/** Lines of the whole log: one table on a wide screen, a list on a phone. */
export function EventLog({ lines, people, verification }: EventLogProps) {
  const rows = lines.map((line) => {
    const verdict = verdictOf(verification, line);
    return {
      ...line,
      verdict,
      differs: verdict?.is === "changed" ? verdict.differs : null,
      who: whoOf(line.entry, people),
    };
  });
  const running = verification?.is === "running";
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls sideways is reached by keyboard */}
      <section className="hidden overflow-x-auto md:block" tabIndex={0} aria-label="Table of events">
        <table className="w-full border-collapse text-table">
          <thead>
            <tr>
              <Th aria-sort="descending" className="text-right">
                Line
              </Th>
              <Th>When</Th>
              <Th>Who</Th>
              <Th>What</Th>
              <Th>Session</Th>
              <Th>Record</Th>
              <Th>Integrity</Th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ entry, act, who, verdict, differs }) => (
              <Fragment key={entry.number}>
                <Tr changed={differs !== null} className={cn(differs && "border-0")}>
                  <Td className="figures text-right text-muted-foreground">{figure(entry.number)}</Td>
                  <Td className="whitespace-nowrap">
                    <time dateTime={entry.at}>{whenOf(entry.at)}</time>
                  </Td>
                  <Td className={cn("whitespace-nowrap", who.isCode && "font-mono")}>{who.name}</Td>
                  <Td className="font-semibold">
                    <What entry={entry} />
                  </Td>
                  <Td className="whitespace-nowrap">
                    <SessionLink visitId={entry.visitId} number={entry.number} />
                  </Td>
                  <Td>{act ? <RecordState state={act.state} /> : "—"}</Td>
                  <Td className="whitespace-nowrap">
                    <LineIntegrity verdict={verdict} running={running} />
                  </Td>
                </Tr>
                {differs ? (
                  <Tr changed>
                    <td colSpan={7} className="px-5 pb-4">
                      <ChangedLine number={entry.number} differs={differs} people={people} />
                    </td>
                  </Tr>
                ) : null}
              </Fragment>
            ))}
          </tbody>
        </table>
      </section>
      <ol className="md:hidden" aria-label="Events">
        {rows.map(({ entry, act, who, verdict, differs }) => (
          <li key={entry.number} className={cn("border-t px-4 py-3 first:border-0", differs && changedClass)}>
            <div className="flex flex-wrap justify-between gap-x-3">
              <p className="font-semibold">{whatOf(entry)}</p>
              <p className="figures text-table text-muted-foreground">{figure(entry.number)}</p>
            </div>
            <p className="flex flex-wrap justify-between gap-x-3 text-table text-muted-foreground">
              <span className={cn(who.isCode && "font-mono")}>{who.name}</span>
              <time className="figures" dateTime={entry.at}>
                {whenOf(entry.at)}
              </time>
            </p>
            {entry.refusal === null ? null : <p className="text-small text-muted-foreground">{whyRefused(entry)}</p>}
            <p className="flex flex-wrap items-center justify-between gap-x-3 text-small">
              <SessionLink visitId={entry.visitId} number={entry.number} />
              {act ? <RecordState state={act.state} /> : null}
              <LineIntegrity verdict={verdict} running={running} />
            </p>
            {differs ? (
              <div className="mt-3">
                <ChangedLine number={entry.number} differs={differs} people={people} />
              </div>
            ) : null}
          </li>
        ))}
      </ol>
    </>
  );
}

function SessionLink({ visitId, number }: { visitId: string | null; number: number }) {
  if (!visitId) return <span className="text-muted-foreground">—</span>;
  return (
    <Link
      href={`/admin/audit/${visitId}#line-${number}`}
      prefetch={false}
      className="inline-flex min-h-9 items-center underline underline-offset-4"
    >
      Show session
      <span className="sr-only"> of line {figure(number)}</span>
    </Link>
  );
}
