import { cn } from "@/components/ui/cn";
import { Axis } from "./chart.tsx";

const weekday = new Intl.DateTimeFormat("en-GB", { weekday: "short" });

interface DayBarsProps {
  /** Where each day begins; the last one is today. */
  days: readonly Date[];
  /** Marks of the axis, from 0 up. */
  ticks: readonly number[];
  tell: (tick: number) => string;
  /** Of each day what stands on each other, from the top. */
  bars: readonly (readonly { value: number; className: string }[])[];
}

/** A bar a day, drawn to scale; the figures themselves stand beside it for a screen reader. */
export function DayBars({ days, ticks, tell, bars }: DayBarsProps) {
  const top = ticks.at(-1)!;
  return (
    <Axis
      ticks={ticks}
      tell={tell}
      height="h-[150px]"
      below={
        <div className="@container flex gap-[max(2px,0.5%)]">
          {days.map((day, i) => {
            const name = weekday.format(day);
            return (
              <span
                key={day.getTime()}
                className={cn(
                  "min-w-0 grow basis-0 overflow-hidden text-center",
                  i % 2 === 0 && "max-sm:invisible",
                  i === days.length - 1 && "font-semibold text-foreground",
                )}
              >
                {name.slice(0, 1)}
                <span className="hidden @min-[30rem]:inline">{name.slice(1)}</span>
              </span>
            );
          })}
        </div>
      }
    >
      <div className="absolute inset-0 flex items-end gap-[max(2px,0.5%)]">
        {days.map((day, i) => (
          <span key={day.getTime()} className="flex h-full grow basis-0 flex-col justify-end gap-0.5">
            {bars[i]!.filter(({ value }) => value > 0).map(({ value, className }, place) => (
              <span
                key={className}
                className={cn(place === 0 && "rounded-t-[3px]", className)}
                style={{ height: `${(value / top) * 100}%` }}
              />
            ))}
          </span>
        ))}
      </div>
    </Axis>
  );
}

/** What a colour stands for. */
export const Key = ({ className, children }: { className: string; children: string }) => (
  <span className="inline-flex items-center gap-2">
    <span aria-hidden="true" className={cn("size-3 rounded-[3px]", className)} />
    {children}
  </span>
);

const dateOf = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long" });

/** `11 to 24 November`, `30 October to 12 November`; the last of them is where the last day ends. */
export function spanWords(days: readonly Date[]): string {
  const [first, last] = [days[0]!, days.at(-2)!];
  return `${first.getMonth() === last.getMonth() ? first.getDate() : dateOf.format(first)} to ${dateOf.format(last)}`;
}
