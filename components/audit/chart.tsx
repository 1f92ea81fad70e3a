import type { ReactNode } from "react";
import { CardTitle } from "@/components/ui/card";

interface ChartProps {
  title: string;
  /** What the figures are of: "11 to 24 November". */
  of: string;
  /** Its one sentence, for those who cannot see it. */
  says?: string | undefined;
  children: ReactNode;
}

/** A card of figures: its heading, what it counts, and the drawing. */
export function Chart({ title, of, says, children }: ChartProps) {
  return (
    <figure className="relative flex min-w-0 flex-col rounded-xl border bg-card p-4 shadow-card sm:p-5">
      <figcaption className="flex flex-wrap items-baseline justify-between gap-x-4">
        <CardTitle>{title}</CardTitle>
        <span className="text-small text-muted-foreground">{of}</span>
        {says ? <span className="sr-only">{says}</span> : null}
      </figcaption>
      {children}
    </figure>
  );
}

/** The figures behind a drawing, for a screen reader. */
export function Figures({ head, rows }: { head: readonly string[]; rows: readonly (readonly string[])[] }) {
  return (
    <div className="sr-only">
      <table>
        <thead>
          <tr>
            {head.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, ...values]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {values.map((value, i) => (
                <td key={head[i + 1]}>{value}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Marks of a vertical axis and their lines across; `children` is drawn over them. */
export function Axis({ ticks, tell, height, children, below }: AxisProps) {
  const top = ticks.at(-1)!;
  return (
    <div
      aria-hidden="true"
      className="figures mt-4 grid grid-cols-[auto_minmax(0,1fr)] gap-2 text-small text-muted-foreground"
    >
      <div className="grid justify-items-end">
        {ticks.map((tick) => (
          <span key={tick} className="invisible h-0 leading-none">
            {tell(tick)}
          </span>
        ))}
        <div className={`relative w-0 ${height}`}>
          {ticks.map((tick) => (
            <span
              key={tick}
              className="absolute right-0 translate-y-1/2 leading-none whitespace-nowrap"
              style={{ bottom: `${(tick / top) * 100}%` }}
            >
              {tell(tick)}
            </span>
          ))}
        </div>
      </div>
      <div className={`relative ${height}`}>
        {ticks.slice(1).map((tick) => (
          <span
            key={tick}
            className="absolute inset-x-0 border-t border-border"
            style={{ bottom: `${(tick / top) * 100}%` }}
          />
        ))}
        {children}
        <span className="absolute inset-x-0 bottom-0 border-b border-input" />
      </div>
      <span />
      {below}
    </div>
  );
}

interface AxisProps {
  /** From 0 up. */
  ticks: readonly number[];
  tell: (tick: number) => string;
  /** A class. */
  height: string;
  below: ReactNode;
  children: ReactNode;
}
