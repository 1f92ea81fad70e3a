import { cn } from "@/components/ui/cn";
import { counted, figure } from "@/components/ui/text.ts";
import { longDay } from "@/components/ui/times.ts";
import type { Overview } from "@/lib/audit/overview.ts";
import { Axis, Chart, Figures } from "./chart.tsx";
import { things, ticksTo } from "./figures.ts";

const weekday = new Intl.DateTimeFormat("en-GB", { weekday: "short" });
const dateOf = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long" });

interface VisitsProps {
  visits: Overview["visits"];
  /** Where each day begins, and where the last ends. */
  days: readonly Date[];
}

/** Two weeks of visits: all as authorized, and on top those in which something was refused. */
export function VisitsADay({ visits, days }: VisitsProps) {
  return (
    <Chart title="Visits a day" of={span(days)} says={sentence(visits)}>
      {visits.some(({ authorized }) => authorized > 0) ? (
        <Drawing visits={visits} days={days} />
      ) : (
        <p className="mt-4 text-table text-muted-foreground">No visit in these two weeks.</p>
      )}
    </Chart>
  );
}

function Drawing({ visits, days }: VisitsProps) {
  const shown = visits.map((visit, i) => ({ ...visit, day: days[i]!, today: i === visits.length - 1 }));
  const ticks = ticksTo(Math.max(...visits.map(({ authorized }) => authorized)), things);
  const top = ticks.at(-1)!;
  return (
    <>
      <Axis
        ticks={ticks}
        tell={figure}
        height="h-[150px]"
        below={
          <div className="flex gap-[max(2px,0.5%)]">
            {shown.map(({ day, today }, i) => {
              const name = weekday.format(day);
              return (
                <span
                  key={day.getTime()}
                  className={cn(
                    "min-w-0 grow basis-0 overflow-hidden text-center",
                    i % 2 === 0 && "max-sm:invisible",
                    today && "font-semibold text-foreground",
                  )}
                >
                  {name.slice(0, 1)}
                  <span className="hidden sm:inline">{name.slice(1)}</span>
                </span>
              );
            })}
          </div>
        }
      >
        <div className="absolute inset-0 flex items-end gap-[max(2px,0.5%)]">
          {shown.map(({ day, authorized, refused }) => (
            <span key={day.getTime()} className="flex h-full grow basis-0 flex-col justify-end gap-0.5">
              {refused > 0 ? <Bar className="rounded-t-[3px] bg-chart-5" part={refused / top} /> : null}
              {authorized > refused ? (
                <Bar
                  className={cn("bg-chart-1", refused === 0 && "rounded-t-[3px]")}
                  part={(authorized - refused) / top}
                />
              ) : null}
            </span>
          ))}
        </div>
      </Axis>
      <Figures
        head={["Day", "Visits", "With something refused"]}
        rows={shown.map(({ day, authorized, refused }) => [longDay(day), figure(authorized), figure(refused)])}
      />
      <p className="mt-3 flex flex-wrap gap-x-6 gap-y-1 text-table">
        <Key className="bg-chart-1">All as the patient authorized</Key>
        <Key className="bg-chart-5">Something was refused (on top)</Key>
      </p>
    </>
  );
}

const Bar = ({ part, className }: { part: number; className: string }) => (
  <span className={className} style={{ height: `${part * 100}%` }} />
);

const Key = ({ className, children }: { className: string; children: string }) => (
  <span className="inline-flex items-center gap-2">
    <span aria-hidden="true" className={cn("size-3 rounded-[3px]", className)} />
    {children}
  </span>
);

/** `11 to 24 November`, `30 October to 12 November`. */
function span(days: readonly Date[]): string {
  const [first, last] = [days[0]!, days.at(-2)!];
  return `${first.getMonth() === last.getMonth() ? first.getDate() : dateOf.format(first)} to ${dateOf.format(last)}`;
}

function sentence(visits: Overview["visits"]): string | undefined {
  const all = visits.reduce((sum, { authorized }) => sum + authorized, 0);
  const refused = visits.reduce((sum, { refused }) => sum + refused, 0);
  if (all === 0) return undefined;
  const most = Math.max(...visits.map(({ authorized }) => authorized));
  return `${counted(all, "visit", "visits")} in two weeks, at most ${figure(most)} a day; in ${figure(refused)} of them something was refused.`;
}
