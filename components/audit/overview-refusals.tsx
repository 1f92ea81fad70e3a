import Link from "next/link";
import { figure } from "@/components/ui/text.ts";
import type { Overview } from "@/lib/audit/overview.ts";
import { isRefusalCode } from "@/lib/refusal.ts";
import { refusalKinds } from "@/lib/strings/trail.ts";
import { Chart } from "./chart.tsx";

/** As many kinds as the card shows; the rest are one row. */
const MOST = 6;

/** What was said no to, by kind. */
export function Refusals({ refusals }: { refusals: Overview["refusals"] }) {
  const rows = rowsOf(refusals);
  const most = Math.max(1, ...rows.map(({ times }) => times));
  return (
    <Chart title="Refusals" of="last 7 days">
      {rows.length === 0 ? (
        <p className="mt-4 text-table text-muted-foreground">Nothing was refused.</p>
      ) : (
        <>
          <ul className="mt-4 grid gap-3">
            {rows.map(({ kind, times }) => (
              <li key={kind} className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 gap-y-1 text-table">
                <span className="break-words">{kind}</span>
                <span className="figures font-semibold">{figure(times)}</span>
                <span aria-hidden="true" className="col-span-2 h-2 rounded-full bg-muted">
                  <span className="block h-2 rounded-full bg-chart-5" style={{ width: `${(times / most) * 100}%` }} />
                </span>
              </li>
            ))}
          </ul>
          <p className="mt-auto pt-3">
            <Link
              href="/admin/audit?outcome=refused"
              className="inline-flex min-h-9 items-center text-table font-semibold text-primary underline underline-offset-4"
            >
              See their sessions in the audit log
            </Link>
          </p>
        </>
      )}
    </Chart>
  );
}

function rowsOf(refusals: Overview["refusals"]): { kind: string; times: number }[] {
  const rows = refusals.map(({ code, times }) => ({ kind: isRefusalCode(code) ? refusalKinds[code] : code, times }));
  if (rows.length <= MOST) return rows;
  const others = rows.slice(MOST - 1).reduce((sum, { times }) => sum + times, 0);
  return [...rows.slice(0, MOST - 1), { kind: "Other kinds", times: others }];
}
