import { useQuery } from "@tanstack/react-query";
import { Skeleton } from "@/components/ui/skeleton";
import { counted, figure } from "@/components/ui/text.ts";
import { longDay } from "@/components/ui/times.ts";
import { readTrends, type Trends } from "@/lib/audit/trends.ts";
import { wordsFor } from "@/lib/strings/apart.ts";
import { ask } from "@/lib/wire.ts";
import { Chart, Figures } from "./chart.tsx";
import { DayBars, Key, spanWords } from "./day-bars.tsx";
import { askedOf, gasWords, ticksTo, times, took, units } from "./figures.ts";

/** Milliseconds between two looks: days move slowly. */
const EVERY = 300_000;

/** Two weeks of waiting, and of what the ledger took. `days` are where each begins, and where the last ends. */
export function TrendCharts({ days }: { days: readonly Date[] }) {
  const asked = askedOf(days);
  const trends = useQuery({
    queryKey: ["audit", "trends", asked],
    queryFn: () => ask(readTrends, asked),
    refetchInterval: EVERY,
  });
  const of = spanWords(days);
  const begins = days.slice(0, -1);
  if (!trends.data) {
    const instead = trends.isError ? (
      <p className="mt-4 text-table text-muted-foreground">{wordsFor(trends.error)}</p>
    ) : (
      <Skeleton className="mt-4 h-40 w-full" />
    );
    return (
      <>
        <Chart title="Waiting" of={of}>
          {instead}
        </Chart>
        <Chart title="Cost of the ledger" of={of}>
          {instead}
        </Chart>
      </>
    );
  }
  return (
    <>
      <Waiting waits={trends.data.waits} days={begins} of={of} />
      <Cost cost={trends.data.cost} days={begins} of={of} />
    </>
  );
}

interface DaysProps {
  days: readonly Date[];
  of: string;
}

function Waiting({ waits, days, of }: DaysProps & { waits: Trends["waits"] }) {
  const people = waits.reduce((sum, day) => sum + day.people, 0);
  const most = Math.max(0, ...waits.map(({ ninth }) => ninth ?? 0));
  if (people === 0)
    return (
      <Chart title="Waiting" of={of}>
        <p className="mt-4 text-table text-muted-foreground">Nobody was admitted in these two weeks.</p>
      </Chart>
    );
  return (
    <Chart
      title="Waiting"
      of={of}
      says={`${counted(people, "patient", "patients")} admitted; on the slowest day nine of ten waited less than ${took(most)}.`}
    >
      <DayBars
        days={days}
        ticks={ticksTo(Math.max(most, 60_000), times)}
        tell={took}
        bars={waits.map(({ median, ninth }) => [
          { value: (ninth ?? 0) - (median ?? 0), className: "bg-chart-3/40" },
          { value: median ?? 0, className: "bg-chart-3" },
        ])}
      />
      <Figures
        head={["Day", "Patients", "Half waited less than", "Nine of ten waited less than"]}
        rows={waits.map(({ people, median, ninth }, i) => [
          longDay(days[i]!),
          figure(people),
          median === null ? "none" : took(median),
          ninth === null ? "none" : took(ninth),
        ])}
      />
      <p className="mt-3 flex flex-wrap gap-x-6 gap-y-1 text-table">
        <Key className="bg-chart-3">Half waited less</Key>
        <Key className="bg-chart-3/40">Nine of ten waited less (on top)</Key>
      </p>
    </Chart>
  );
}

function Cost({ cost, days, of }: DaysProps & { cost: Trends["cost"] }) {
  const each = cost.map(({ acts, gas }) => (acts > 0 ? Math.round(gas / acts) : 0));
  const acts = cost.reduce((sum, day) => sum + day.acts, 0);
  const gas = cost.reduce((sum, day) => sum + day.gas, 0);
  if (acts === 0 || gas === 0)
    return (
      <Chart title="Cost of the ledger" of={of}>
        <p className="mt-4 text-table text-muted-foreground">Nothing went to the ledger in these two weeks.</p>
      </Chart>
    );
  return (
    <Chart
      title="Cost of the ledger"
      of={of}
      says={`${counted(acts, "act", "acts")}, ${gasWords(gas / acts)} of gas each.`}
    >
      <DayBars
        days={days}
        ticks={ticksTo(Math.max(...each), units)}
        tell={gasWords}
        bars={each.map((value) => [{ value, className: "bg-chart-2" }])}
      />
      <Figures
        head={["Day", "Acts", "Gas an act"]}
        rows={cost.map(({ acts }, i) => [longDay(days[i]!), figure(acts), figure(each[i]!)])}
      />
      <p className="mt-3 flex flex-wrap gap-x-6 gap-y-1 text-table">
        <Key className="bg-chart-2">Gas an act</Key>
        <span className="text-muted-foreground">{paid(cost, acts)}</span>
      </p>
    </Chart>
  );
}

function paid(cost: Trends["cost"], acts: number): string {
  const wei = cost.reduce((sum, day) => sum + BigInt(day.wei ?? 0), 0n);
  const count = counted(acts, "act", "acts");
  return cost.some((day) => day.wei !== null)
    ? `${count}, at most ${coin(wei)} of the network’s coin`
    : `${count}; on our own ledger gas costs nothing`;
}

/** Wei as a coin of 10^18, in three digits that count. */
export const coin = (wei: bigint): string =>
  new Intl.NumberFormat("en-GB", { maximumSignificantDigits: 3 }).format(Number(wei) / 1e18);
