import { Fragment } from "react";
import { cn } from "@/components/ui/cn";
import { RecordState } from "@/components/ui/record-state";
import { changedClass, Th, Tr } from "@/components/ui/table";
import { figure } from "@/components/ui/text.ts";
import { clockWithSeconds } from "@/components/ui/times.ts";
import type { Line, StoredEntry } from "@/lib/audit/api.ts";
import { isGrant, type Verdict } from "@/lib/audit/verify.ts";
import { ChangedLine } from "./changed-line.tsx";
import { LineIntegrity } from "./integrity.tsx";
import { What } from "./what.tsx";
import { short, timeIn, whatOf, whoOf, whyRefused } from "./words.ts";

interface EventTableProps {
  lines: readonly Line[];
  people: ReadonlyMap<string, string>;
  /** What the last check says of a line. */
  verdict: (line: Line) => Verdict | null;
  running: boolean;
}

/** Who did what, when, under which permission, where on the ledger, and whether it holds. */
export function EventTable({ lines, people, verdict, running }: EventTableProps) {
  const grants = new Map<string, number>();
  lines.forEach(({ entry }, i) => {
    if (isGrant(entry.action) && entry.object) grants.set(entry.object, i + 1);
  });
  const under = (entry: StoredEntry, prefix: string) => {
    const place = isGrant(entry.action) ? undefined : grants.get(entry.consent ?? "");
    if (place === undefined) return "—";
    return (
      <a href={`#${prefix}-${lines[place - 1]!.entry.number}`} className="underline underline-offset-4">
        Permission {place}
      </a>
    );
  };
  return (
    <section className="mt-4 overflow-hidden rounded-xl border bg-card shadow-card" aria-label="Events">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls sideways is reached by keyboard */}
      <section className="hidden overflow-x-auto md:block" tabIndex={0} aria-label="Events table">
        <table className="w-full text-table">
          <thead>
            <tr>
              <Th className="px-2">
                <span className="sr-only">Number</span>
              </Th>
              <Th className="px-2">Time</Th>
              <Th className="px-2">Who</Th>
              <Th className="px-2">What</Th>
              <Th className="px-2">Under</Th>
              <Th className="px-2">Transaction</Th>
              <Th className="px-2 text-right">Block</Th>
              <Th className="px-2">Record</Th>
              <Th className="px-2">Integrity</Th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line, i) => {
              const { entry, act } = line;
              const found = verdict(line);
              const changed = found?.is === "changed";
              const who = whoOf(entry, people);
              return (
                <Fragment key={entry.number}>
                  <Tr
                    id={`line-${entry.number}`}
                    changed={changed}
                    className={cn(
                      "scroll-mt-4",
                      changed ? "border-0" : "hover:bg-transparent target:bg-accent target:hover:bg-accent",
                    )}
                  >
                    <td className="py-2 pr-0 pl-5">
                      <Place changed={changed}>{i + 1}</Place>
                    </td>
                    <td className="px-2 whitespace-nowrap">
                      <time dateTime={entry.at}>{timeIn(entry.at, clockWithSeconds)}</time>
                    </td>
                    <td className={cn("px-2 whitespace-nowrap", who.isCode && "font-mono")}>{who.name}</td>
                    <td className="px-2 py-1 font-semibold">
                      <What entry={entry} />
                    </td>
                    <td className="px-2 whitespace-nowrap">{under(entry, "line")}</td>
                    <td
                      className={cn("px-2 whitespace-nowrap", act?.transaction ? "font-mono" : "text-muted-foreground")}
                    >
                      {act?.transaction ? <span title={act.transaction}>{short(act.transaction)}</span> : "—"}
                    </td>
                    <td className="px-2 text-right whitespace-nowrap">{act?.block ? figure(act.block) : "—"}</td>
                    <td className="px-2">{act ? <RecordState state={act.state} /> : "—"}</td>
                    <td className="px-2 pr-5 whitespace-nowrap">
                      <LineIntegrity verdict={found} running={running} />
                    </td>
                  </Tr>
                  {found?.is === "changed" ? (
                    <Tr changed>
                      <td colSpan={9} className="px-5 pb-4">
                        <ChangedLine number={entry.number} differs={found.differs} people={people} />
                      </td>
                    </Tr>
                  ) : null}
                </Fragment>
              );
            })}
          </tbody>
        </table>
      </section>
      <ol className="md:hidden">
        {lines.map((line, i) => {
          const { entry, act } = line;
          const found = verdict(line);
          const changed = found?.is === "changed";
          const who = whoOf(entry, people);
          return (
            <li
              key={entry.number}
              id={`item-${entry.number}`}
              className={cn("flex scroll-mt-20 gap-3 border-t px-4 py-3 first:border-0", changed && changedClass)}
            >
              <Place changed={changed}>{i + 1}</Place>
              <div className="min-w-0 grow">
                <div className="flex flex-wrap justify-between gap-x-3">
                  <p className="font-semibold">{whatOf(entry)}</p>
                  <time className="figures text-table" dateTime={entry.at}>
                    {timeIn(entry.at, clockWithSeconds)}
                  </time>
                </div>
                <p className="flex flex-wrap justify-between gap-x-3 text-table text-muted-foreground">
                  <span className={cn(who.isCode && "font-mono")}>{who.name}</span>
                  {act ? <RecordState state={act.state} /> : null}
                </p>
                <p className="flex flex-wrap justify-between gap-x-3 text-small text-muted-foreground">
                  <span>
                    {act?.transaction ? (
                      <span className="font-mono">{short(act.transaction)}</span>
                    ) : act ? (
                      "not sent yet"
                    ) : null}
                    {act?.block ? ` · block ${figure(act.block)}` : ""}
                  </span>
                  <LineIntegrity verdict={found} running={running} />
                </p>
                {entry.refusal === null ? null : (
                  <p className="text-small text-muted-foreground">{whyRefused(entry)}</p>
                )}
                {entry.consent && !isGrant(entry.action) && grants.has(entry.consent) ? (
                  <p className="text-small text-muted-foreground">Under {under(entry, "item")}</p>
                ) : null}
                {found?.is === "changed" ? (
                  <div className="mt-3">
                    <ChangedLine number={entry.number} differs={found.differs} people={people} />
                  </div>
                ) : null}
              </div>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function Place({ changed, children }: { changed: boolean; children: number }) {
  return (
    <span
      className={cn(
        "grid h-6 min-w-6 shrink-0 place-items-center rounded-full px-1 text-[0.8125rem] leading-none font-bold",
        changed ? "bg-destructive text-destructive-foreground" : "bg-secondary text-secondary-foreground",
      )}
    >
      {children}
    </span>
  );
}
