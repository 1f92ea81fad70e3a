import { counted, figure } from "@/components/ui/text.ts";
import { longDay } from "@/components/ui/times.ts";
import type { Overview } from "@/lib/audit/overview.ts";
import { Chart, Figures } from "./chart.tsx";
import { DayBars, Key, spanWords } from "./day-bars.tsx";
import { things, ticksTo } from "./figures.ts";

interface VisitsProps {
  visits: Overview["visits"];
  /** Where each day begins, and where the last ends. */
  days: readonly Date[];
}

/** Two weeks of visits: all as authorized, and on top those in which something was refused. */
export function VisitsADay({ visits, days }: VisitsProps) {
  return (
    <Chart title="Visits a day" of={spanWords(days)} says={sentence(visits)}>
      {visits.some(({ authorized }) => authorized > 0) ? (
        <Drawing visits={visits} days={days.slice(0, -1)} />
      ) : (
        <p className="mt-4 text-table text-muted-foreground">No visit in these two weeks.</p>
      )}
    </Chart>
  );
}

function Drawing({ visits, days }: VisitsProps) {
  return (
    <>
      <DayBars
        days={days}
        ticks={ticksTo(Math.max(...visits.map(({ authorized }) => authorized)), things)}
        tell={figure}
        bars={visits.map(({ authorized, refused }) => [
          { value: refused, className: "bg-chart-5" },
          { value: authorized - refused, className: "bg-chart-1" },
        ])}
      />
      <Figures
        head={["Day", "Visits", "With something refused"]}
        rows={visits.map(({ authorized, refused }, i) => [longDay(days[i]!), figure(authorized), figure(refused)])}
      />
      <p className="mt-3 flex flex-wrap gap-x-6 gap-y-1 text-table">
        <Key className="bg-chart-1">All as the patient authorized</Key>
        <Key className="bg-chart-5">Something was refused (on top)</Key>
      </p>
    </>
  );
}

function sentence(visits: Overview["visits"]): string | undefined {
  const all = visits.reduce((sum, { authorized }) => sum + authorized, 0);
  const refused = visits.reduce((sum, { refused }) => sum + refused, 0);
  if (all === 0) return undefined;
  const most = Math.max(...visits.map(({ authorized }) => authorized));
  return `${counted(all, "visit", "visits")} in two weeks, at most ${figure(most)} a day; in ${figure(refused)} of them something was refused.`;
}
