import type { CSSProperties } from "react";
import { cn } from "@/components/ui/cn";
import { counted, figure } from "@/components/ui/text.ts";
import { clock } from "@/components/ui/times.ts";
import type { Dot, Scale } from "./scale.ts";

const lane = "grid grid-cols-[5.25rem_minmax(0,1fr)] items-center sm:grid-cols-[7.5rem_minmax(0,1fr)]";
const track = "relative h-9 border-t border-border/60";
const bar = "absolute top-1/2 h-3.5 -translate-y-1/2";

/** A lane each on one time axis, the guests' where there were any. The numbers repeat in the list below, which says the same to those who cannot see it. */
export function SessionScale({ scale, changed }: { scale: Scale; changed: ReadonlySet<number> }) {
  const { permission, until, doctor, dots, reads } = scale;
  const place = (at: number, width?: number) => ({
    left: `${at}%`,
    ...(width === undefined ? {} : { width: `${width}%` }),
  });
  return (
    <figure className="rounded-xl border bg-card p-4 shadow-card sm:p-5">
      <figcaption className="flex flex-wrap items-baseline justify-between gap-x-4">
        <span className="font-semibold">The session, to scale</span>
        <span className="text-small text-muted-foreground">
          Numbers match the lines below{reads.doctor.length + reads.patient.length > 0 ? "; thin marks are reads" : ""}
        </span>
      </figcaption>
      <div className="mt-3" role="img" aria-label={describe(scale)}>
        <div className={lane}>
          <p className="text-small text-muted-foreground">Permission</p>
          <div className={track}>
            {permission ? (
              <span
                className={cn(bar, "h-5 rounded-l-full bg-success/30", until === null && "rounded-full")}
                style={place(permission.at, permission.width)}
              >
                {until !== null && permission.width > 25 ? (
                  <span className="absolute right-2 text-small leading-5 text-foreground">{untilWords(until)}</span>
                ) : null}
              </span>
            ) : null}
            <Dots dots={dots.permission} tone="bg-success text-success-foreground" changed={changed} />
          </div>
        </div>
        <div className={lane}>
          <p className="text-small text-muted-foreground">Patient</p>
          <div className={track}>
            {scale.patient.map((one) => (
              <span
                key={`${one.at} ${one.faint}`}
                className={cn(bar, one.faint ? "rounded-l-full bg-chart-1/30" : "rounded-r-full bg-chart-1/60")}
                style={place(one.at, one.width)}
              />
            ))}
            <Reads at={reads.patient} />
            <Dots dots={dots.patient} tone="bg-chart-1 text-card" changed={changed} />
          </div>
        </div>
        {dots.guests.length > 0 ? (
          <div className={lane}>
            <p className="text-small text-muted-foreground">Guests</p>
            <div className={track}>
              <Dots dots={dots.guests} tone="bg-chart-5 text-card" changed={changed} />
            </div>
          </div>
        ) : null}
        <div className={lane}>
          <p className="text-small text-muted-foreground">Doctor</p>
          <div className={track}>
            {doctor.map((one) => (
              <span key={one.at} className={cn(bar, "rounded-full bg-chart-3/50")} style={place(one.at, one.width)} />
            ))}
            <Reads at={reads.doctor} />
            <Dots dots={dots.doctor} tone="bg-chart-3 text-card" changed={changed} />
          </div>
        </div>
        <div className={lane}>
          <p className="text-small text-muted-foreground">Ledger</p>
          <div className={track}>
            {scale.blocks.map(({ at, block, labelled }) => (
              <span key={block}>
                <span
                  className="absolute top-1/2 size-4 -translate-x-1/2 -translate-y-1/2 rounded-[4px] bg-state-ledger"
                  style={place(at)}
                />
                {labelled ? (
                  <span
                    className="absolute top-1/2 hidden -translate-y-1/2 pl-3 text-small text-muted-foreground sm:block"
                    style={place(at)}
                  >
                    {figure(block)}
                  </span>
                ) : null}
              </span>
            ))}
          </div>
        </div>
        <div className={cn(lane, "items-start")}>
          <span />
          <div className="figures relative h-6 border-t border-input text-small text-muted-foreground">
            {scale.ticks.map(({ at, time }, i) => (
              <span key={time}>
                <span className="absolute top-0 h-1.5 border-l border-input" style={place(at)} />
                <span
                  className={cn(
                    "absolute top-1.5",
                    at > 94 ? "-translate-x-full" : at > 4 && "-translate-x-1/2",
                    i % 2 === 1 && "max-sm:hidden",
                  )}
                  style={place(at)}
                >
                  {clock(new Date(time))}
                </span>
              </span>
            ))}
          </div>
        </div>
      </div>
    </figure>
  );
}

function Reads({ at }: { at: readonly number[] }) {
  return at.map((place, i) => (
    <span
      // biome-ignore lint/suspicious/noArrayIndexKey: two may be at one moment, and none is ever moved
      key={i}
      className="absolute top-1/2 h-5 w-0.5 -translate-x-1/2 -translate-y-1/2 bg-muted-foreground"
      style={{ left: `${place}%` }}
    />
  ));
}

function Dots({ dots, tone, changed }: { dots: readonly Dot[]; tone: string; changed: ReadonlySet<number> }) {
  return dots.map(({ at, narrow, place, number }) => (
    <span
      key={place}
      className={cn(
        "absolute top-1/2 left-(--narrow) grid size-6 -translate-x-1/2 -translate-y-1/2 place-items-center rounded-full border-2 border-card text-[0.8125rem] leading-none font-bold sm:left-(--at)",
        changed.has(number) ? "bg-destructive text-destructive-foreground" : tone,
      )}
      style={{ "--at": `${at}%`, "--narrow": `${narrow}%` } as CSSProperties}
    >
      {place}
    </span>
  ));
}

function untilWords(until: number): string {
  const end = new Date(until);
  const minutes = end.getHours() * 60 + end.getMinutes();
  return minutes <= 1 || minutes >= 1439 ? "until midnight" : `until ${clock(end)}`;
}

function describe({ from, to, permission, dots, reads, blocks, patient, doctor }: Scale): string {
  const events = Object.values(dots).flat().length;
  const range = `Timeline from ${clock(new Date(from))} to ${clock(new Date(to))}.`;
  const given = permission ? " A permission was given." : " No permission was given.";
  const numbers = blocks.map(({ block }) => block);
  const ledger =
    numbers.length > 0
      ? `, blocks ${figure(Math.min(...numbers))} to ${figure(Math.max(...numbers))}`
      : ", nothing on the ledger";
  const read = reads.doctor.length + reads.patient.length;
  const gaps = Math.max(0, patient.filter(({ faint }) => !faint).length - 1) + Math.max(0, doctor.length - 1);
  const more = `${gaps > 0 ? `, ${counted(gaps, "gap", "gaps")} in the call` : ""}${read > 0 ? `, ${counted(read, "read", "reads")}` : ""}`;
  return `${range}${given} ${counted(events, "numbered event", "numbered events")}${more}${ledger}.`;
}
