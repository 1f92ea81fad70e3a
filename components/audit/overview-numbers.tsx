import { Ban, BookLock, DoorOpen, type LucideIcon, Video } from "lucide-react";
import { figure } from "@/components/ui/text.ts";
import { clock, duration } from "@/components/ui/times.ts";
import type { Overview } from "@/lib/audit/overview.ts";
import { delayOf, took } from "./figures.ts";

/** Four numbers, each with one line that says whether it is good. */
export function Numbers({ overview }: { overview: Overview }) {
  const refusals = overview.refusals.reduce((sum, { times }) => sum + times, 0);
  return (
    <div className="@container mt-4">
      <dl className="grid grid-cols-1 gap-3 @min-[19rem]:grid-cols-2 @min-[56rem]:grid-cols-4">
        <Visits overview={overview} />
        <Waiting overview={overview} />
        <NumberCard icon={Ban} label="Refusals" value={figure(refusals)}>
          {refusals > 0 ? "in 7 days, by kind below" : "in 7 days"}
        </NumberCard>
        <Delay overview={overview} />
      </dl>
    </div>
  );
}

function Visits({ overview }: { overview: Overview }) {
  const { authorized, refused } = overview.visits.at(-1)!;
  const began =
    authorized === 0
      ? "none authorized yet"
      : refused === 0
        ? "all as authorized"
        : `something refused in ${figure(refused)}`;
  return (
    <NumberCard icon={Video} label="Visits today" value={figure(authorized)}>
      {overview.ahead > 0 ? `${began}; ${figure(overview.ahead)} still planned` : began}
    </NumberCard>
  );
}

function Waiting({ overview }: { overview: Overview }) {
  const { people, longest } = overview.waiting;
  const since = longest ? duration(Date.parse(overview.at) - Date.parse(longest.since)) : null;
  return (
    <NumberCard icon={DoorOpen} label="Waiting" value={figure(people)}>
      {longest ? `${people > 1 ? "longest " : ""}for ${longest.clinician}; ${since}` : "nobody waits"}
    </NumberCard>
  );
}

function Delay({ overview }: { overview: Overview }) {
  const { latest, promised } = overview.ledger;
  const { waits, worst } = delayOf(overview);
  const atWorst = `${took(worst)} at worst today`;
  if (waits !== null && waits >= (latest?.took ?? 0)) {
    return (
      <NumberCard icon={BookLock} label="Ledger delay" value={took(waits)}>
        {promised !== null && waits > promised
          ? "later than promised, and still waiting"
          : `so far, and still waiting; ${atWorst}`}
      </NumberCard>
    );
  }
  return (
    <NumberCard icon={BookLock} label="Ledger delay" value={latest ? took(latest.took) : "None"}>
      {latest ? `at ${clock(new Date(latest.at))}; ${atWorst}` : "nothing went to the ledger today"}
    </NumberCard>
  );
}

interface NumberCardProps {
  icon: LucideIcon;
  label: string;
  value: string;
  children: React.ReactNode;
}

function NumberCard({ icon: Icon, label, value, children }: NumberCardProps) {
  return (
    <div className="rounded-xl border bg-card p-4 shadow-card">
      <dt className="flex items-center gap-2 text-table text-muted-foreground">
        <Icon aria-hidden="true" className="size-4 shrink-0" />
        {label}
      </dt>
      <dd className="mt-1">
        <span className="figures text-[1.75rem] leading-tight font-bold">{value}</span>
        <span className="block text-small text-muted-foreground">{children}</span>
      </dd>
    </div>
  );
}
