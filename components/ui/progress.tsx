import { cn } from "./cn.ts";

interface ProgressProps {
  /** "Sending arm-this-morning.jpg". */
  label: string;
  /** 0 to 1. */
  value: number;
  /** Spoken: "61 percent, about 4 seconds left". */
  text?: string;
  stopped?: boolean;
  className?: string;
}

export function Progress({ label, value, text, stopped, className }: ProgressProps) {
  const percent = Math.round(Math.min(1, Math.max(0, value)) * 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuetext={text}
      className={cn("h-2 overflow-hidden rounded-full bg-border", className)}
    >
      <div
        className={cn("h-full transition-[width] duration-(--quick)", stopped ? "bg-destructive" : "bg-primary")}
        style={{ width: `${percent}%` }}
      />
    </div>
  );
}
