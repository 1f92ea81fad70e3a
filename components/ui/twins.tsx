import { Check, X } from "lucide-react";
import { cn } from "./cn.ts";

interface TwinsProps {
  no: string;
  yes: string;
  onNo: () => void;
  onYes: () => void;
  disabled?: boolean;
  className?: string;
}

/** A question whose two answers weigh the same: one size, one look, the no first. */
export function Twins({ no, yes, onNo, onYes, disabled = false, className }: TwinsProps) {
  const twin = (Icon: typeof Check, word: string, onClick: () => void) => (
    <button
      type="button"
      disabled={disabled}
      onClick={onClick}
      className="inline-flex min-h-control-calm w-full cursor-pointer items-center justify-center gap-2 rounded-lg border-2 border-primary bg-card px-2 py-2 text-calm font-semibold text-primary transition-colors duration-(--quick) ease-(--ease) hover:bg-accent disabled:cursor-not-allowed disabled:border-border disabled:bg-muted disabled:text-muted-foreground"
    >
      <Icon aria-hidden="true" className="size-6 shrink-0" />
      {word}
    </button>
  );
  return (
    <div className={cn("@container", className)}>
      <div className="grid gap-3 @min-[18rem]:grid-cols-2">
        {twin(X, no, onNo)}
        {twin(Check, yes, onYes)}
      </div>
    </div>
  );
}
