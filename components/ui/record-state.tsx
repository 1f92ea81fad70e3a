import { CirclePause } from "lucide-react";
import { cn } from "./cn.ts";

const states = {
  saved: { word: "saved", quarters: 1, className: "text-state-saved" },
  sent: { word: "sent", quarters: 2, className: "text-state-sent" },
  ledger: { word: "on the ledger", quarters: 3, className: "text-state-ledger" },
  final: { word: "final", quarters: 4, className: "text-state-final" },
  parked: { word: "held back", quarters: 0, className: "text-warning" },
} as const;

export type RecordStateName = keyof typeof states;

export const isRecordState = (name: string): name is RecordStateName => Object.hasOwn(states, name);

/** Of several, the one that has come least far. */
export const leastFar = (names: readonly RecordStateName[]): RecordStateName | undefined =>
  [...names].sort((a, b) => states[a].quarters - states[b].quarters)[0];

/** The word of a state, where a sentence needs it. */
export const recordStateWord = (state: RecordStateName): string => states[state].word;

/** A ring that closes and its word; the only place that knows the states. Size it by its text (`text-table`, `text-body`). */
export function RecordState({ state, className }: { state: RecordStateName; className?: string }) {
  const { word, className: tone } = states[state];
  return (
    <span
      data-slot="record-state"
      className={cn(
        "inline-flex items-center gap-1.5 align-middle font-semibold whitespace-nowrap text-table",
        tone,
        className,
      )}
    >
      <RecordRing state={state} />
      {word}
    </span>
  );
}

/** The ring alone; whoever uses it says the word. */
function RecordRing({ state, className }: { state: RecordStateName; className?: string }) {
  const { quarters } = states[state];
  const size = cn("size-[1.1em] shrink-0", className);
  if (quarters === 0) return <CirclePause aria-hidden="true" className={size} />;
  if (quarters === 4) {
    return (
      <svg viewBox="0 0 16 16" aria-hidden="true" className={size}>
        <circle cx="8" cy="8" r="6.9" fill="currentColor" />
        <path
          d="M5.2 8.2l2 1.9 3.7-4"
          fill="none"
          stroke="var(--card)"
          strokeWidth="1.8"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
    );
  }
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true" className={size}>
      {[-0.75, -10.17, -19.6, -29.02].map((offset, quarter) => (
        <circle
          key={offset}
          cx="8"
          cy="8"
          r="6"
          fill="none"
          stroke="currentColor"
          strokeWidth="2.6"
          strokeOpacity={quarter < quarters ? 1 : 0.28}
          strokeDasharray="7.92 29.77"
          strokeDashoffset={offset}
          transform="rotate(-90 8 8)"
        />
      ))}
    </svg>
  );
}
