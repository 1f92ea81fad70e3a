import {
  CircleCheck,
  CircleDashed,
  CircleX,
  Clock,
  Globe,
  Mic,
  Route,
  TriangleAlert,
  Video,
  Volume2,
  Wifi,
} from "lucide-react";
import type { ReactNode } from "react";
import { type Outcome, outcomeWords, type TestLine } from "./report.ts";

const icons = {
  browser: Globe,
  camera: Video,
  microphone: Mic,
  speaker: Volume2,
  line: Wifi,
  way: Route,
  clock: Clock,
};
const marks = {
  open: { icon: CircleDashed, tone: "text-muted-foreground" },
  good: { icon: CircleCheck, tone: "text-success" },
  better: { icon: TriangleAlert, tone: "text-warning" },
  bad: { icon: CircleX, tone: "text-destructive" },
} as const satisfies Record<Outcome, unknown>;

/** Each thing with icon and word; what is given as children stands with the microphone. */
export function ResultList({ lines, children }: { lines: readonly TestLine[]; children: ReactNode }) {
  return (
    <ul className="mt-5">
      {lines.map(({ is, title, says, outcome }) => {
        const Icon = icons[is];
        const { icon: Mark, tone } = marks[outcome];
        return (
          <li
            key={is}
            className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3.5 border-t py-4 first:border-0 first:pt-0 last:pb-0 sm:grid-cols-[auto_minmax(0,1fr)_auto]"
          >
            <Icon aria-hidden="true" className="mt-0.5 size-6 shrink-0 text-muted-foreground" />
            <div>
              <p className="font-semibold">{title}</p>
              <p className="text-calm-small text-muted-foreground">{says}</p>
              {is === "microphone" && children ? <div className="mt-2 max-w-64">{children}</div> : null}
            </div>
            <p className="inline-flex items-center gap-2 self-start text-calm-small font-semibold max-sm:col-start-2 max-sm:mt-1">
              <Mark aria-hidden="true" className={`size-5 shrink-0 ${tone}`} />
              {outcomeWords[outcome]}
            </p>
          </li>
        );
      })}
    </ul>
  );
}
