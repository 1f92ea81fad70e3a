import { BookLock } from "lucide-react";
import type { LedgerNow } from "@/components/auth/use-ledger.ts";
import { cn } from "@/components/ui/cn";
import { counted, figure } from "@/components/ui/text.ts";
import { clock } from "@/components/ui/times.ts";
import type { Overview } from "@/lib/audit/overview.ts";
import { Axis, Chart, Figures } from "./chart.tsx";
import { delayOf, drawDelay, type Stretch, ticksTo, times, took } from "./figures.ts";

interface LedgerDelayProps {
  overview: Overview;
  ledger: LedgerNow | undefined;
  /** Acts the ledger refused, once that is known. */
  refused: number | undefined;
}

/** The axis goes this far at least, in milliseconds: what is over at once is not drawn as a mountain. */
const CALM = 5_000;

/** How long acts took from saved to on the ledger: the slowest of each half hour of today. */
export function LedgerDelay({ overview, ledger, refused }: LedgerDelayProps) {
  const { slowest } = overview.ledger;
  const { peak } = delayOf(overview);
  return (
    <Chart title="Ledger delay" of="from saved to on the ledger, today" says={peak ? sentence(overview) : undefined}>
      {peak ? (
        <Drawing overview={overview} peak={peak} />
      ) : (
        <p className="mt-4 text-table text-muted-foreground">Nothing went to the ledger today.</p>
      )}
      {peak ? (
        <Figures
          head={["Slowest of each half hour, at", "Delay"]}
          rows={slowest.map(({ at, took: ms }) => [clock(new Date(at)), took(ms)])}
        />
      ) : null}
      <LedgerLine ledger={ledger} refused={refused} promised={overview.ledger.promised} />
    </Chart>
  );
}

function Drawing({ overview, peak }: { overview: Overview; peak: Overview["ledger"]["slowest"][number] }) {
  const { promised } = overview.ledger;
  const near = promised !== null && peak.took > promised / 3 ? promised : null;
  const ticks = ticksTo(Math.max(peak.took, near ?? 0, CALM), times);
  const top = ticks.at(-1)!;
  const { stretches, x, ticks: hours } = drawDelay(overview.ledger, new Date(overview.at), top);
  const at = { left: `${x(Date.parse(peak.at)) * 100}%`, top: `${(1 - peak.took / top) * 100}%` };
  const late = x(Date.parse(peak.at)) > 0.7;
  return (
    <Axis
      ticks={ticks}
      tell={took}
      height="h-[120px] xl:h-[180px]"
      below={
        <div className="relative h-[1.5em]">
          {hours.map(({ at, time }) => (
            <span
              key={time}
              className={cn("absolute", at > 0.95 ? "right-0" : "-translate-x-1/2")}
              style={at > 0.95 ? undefined : { left: `${at * 100}%` }}
            >
              {clock(new Date(time))}
            </span>
          ))}
        </div>
      }
    >
      {near === null ? null : (
        <>
          <span
            className="absolute inset-x-0 border-t-2 border-dotted border-input"
            style={{ bottom: `${(near / top) * 100}%` }}
          />
          <span
            className="absolute right-0 translate-y-1.5 bg-card leading-none"
            style={{ top: `${(1 - near / top) * 100}%` }}
          >
            promised by then
          </span>
        </>
      )}
      <svg className="absolute inset-0 size-full overflow-visible" viewBox="0 0 100 100" preserveAspectRatio="none">
        <title>Ledger delay</title>
        {stretches.map((stretch) => (
          <Line key={stretch.points[0]!.x} stretch={stretch} />
        ))}
      </svg>
      <span
        className="absolute size-2.5 -translate-x-1/2 -translate-y-1/2 rounded-full bg-chart-3 ring-2 ring-card"
        style={at}
      />
      <span
        className={cn(
          "absolute -translate-y-full bg-card text-small leading-tight whitespace-nowrap text-foreground",
          late ? "-ml-2 -translate-x-full" : "ml-2",
        )}
        style={at}
      >
        {took(peak.took)}, {clock(new Date(peak.at))}
      </span>
    </Axis>
  );
}

function Line({ stretch: { points } }: { stretch: Stretch }) {
  const [first, last] = [points[0]!, points.at(-1)!];
  const place = ({ x, y }: { x: number; y: number }) => `${(x * 100).toFixed(2)} ${((1 - y) * 100).toFixed(2)}`;
  // A half hour by itself has no line to belong to: a dot, which is a line without length.
  const path = points.length === 1 ? `M${place(first)}h0` : `M${points.map(place).join("L")}`;
  return (
    <>
      {points.length > 1 ? (
        <path
          d={`${path}L${(last.x * 100).toFixed(2)} 100L${(first.x * 100).toFixed(2)} 100Z`}
          className="fill-chart-3/20"
        />
      ) : null}
      <path
        d={path}
        className="fill-none stroke-chart-3"
        strokeWidth={points.length === 1 ? 8 : 2}
        strokeLinecap="round"
        strokeLinejoin="round"
        vectorEffect="non-scaling-stroke"
      />
    </>
  );
}

function LedgerLine({ ledger, refused, promised }: Omit<LedgerDelayProps, "overview"> & { promised: number | null }) {
  if (!ledger) return null;
  return (
    <p className="mt-auto flex flex-wrap items-center gap-x-4 gap-y-1 pt-3 text-table">
      <span className="inline-flex items-center gap-2 font-semibold">
        <BookLock aria-hidden="true" className="size-4 shrink-0" />
        {ledger.label}
      </span>
      <span className="figures text-muted-foreground">
        {stateWords(ledger)} · block {figure(ledger.block)} · {counted(ledger.behind, "act waits", "acts wait")}
        {refused === undefined ? "" : ` · ${refused === 0 ? "nothing" : figure(refused)} refused`}
        {promised === null ? "" : ` · promised within ${took(promised)}`}
      </span>
    </p>
  );
}

function stateWords({ state, behind }: LedgerNow): string {
  if (state === "read-only") return "Read-only";
  if (state === "behind") return "Behind";
  if (state === "low-balance") return "Low balance";
  return behind > 0 ? "Catching up" : "Up to date";
}

function sentence(overview: Overview): string {
  const { latest } = overview.ledger;
  const { peak } = delayOf(overview);
  if (!latest || !peak) return "";
  return `The last act took ${took(latest.took)}; the slowest today took ${took(peak.took)}, at ${clock(new Date(peak.at))}.`;
}
