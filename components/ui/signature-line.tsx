import { cn } from "./cn.ts";

interface SignatureLineProps {
  name: string;
  /** "Signed on her phone, 14:01". */
  caption?: string;
  className?: string;
}

/** The dotted rule with a tick and a name, wherever a person has signed. */
export function SignatureLine({ name, caption, className }: SignatureLineProps) {
  return (
    <div className={className}>
      <p className="signature flex items-end gap-2 pb-1">
        <Tick />
        <span className="min-w-0 font-semibold break-words">{name}</span>
      </p>
      {caption ? <p className="mt-1 text-small text-muted-foreground">{caption}</p> : null}
    </div>
  );
}

function Tick({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 20 14" className={cn("mb-1 h-4 w-5 shrink-0", className)} aria-hidden="true">
      <path
        d="M2 7l5 5L18 2"
        fill="none"
        stroke="var(--attention)"
        strokeWidth="3.4"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
