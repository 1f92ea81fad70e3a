import { counted, figure } from "@/components/ui/text.ts";
import type { Overview } from "@/lib/audit/overview.ts";
import { SCORES } from "@/lib/call/rating.ts";
import { ratingWords } from "@/lib/strings/en.ts";
import { Chart } from "./chart.tsx";

/** What people said of sound and picture: counts by answer, and no answer is anybody's. */
export function Ratings({ ratings }: { ratings: Overview["ratings"] }) {
  const all = ratings.reduce((sum, times) => sum + times, 0);
  const most = Math.max(1, ...ratings);
  return (
    <Chart title="Sound and picture" of="last 7 days">
      <p className="mt-1 text-table text-muted-foreground">
        {all === 0
          ? "Nobody has answered yet. Patients and doctors are asked once after each call."
          : `${counted(all, "answer", "answers")} from patients and doctors, kept without a name.`}
      </p>
      {all > 0 ? (
        <ul className="mt-4 grid gap-3">
          {[...SCORES].reverse().map((score) => {
            const times = ratings[score - 1] ?? 0;
            return (
              <li key={score} className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 gap-y-1 text-table">
                <span>{ratingWords[score]}</span>
                <span className="figures font-semibold">{figure(times)}</span>
                <span aria-hidden="true" className="col-span-2 h-2 rounded-full bg-muted">
                  <span className="block h-2 rounded-full bg-chart-3" style={{ width: `${(times / most) * 100}%` }} />
                </span>
              </li>
            );
          })}
        </ul>
      ) : null}
    </Chart>
  );
}
