import { cn } from "./cn.ts";

/** The A whose crossbar is a tick. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg className={cn("size-9 shrink-0", className)} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#025263" />
      <path
        d="M7.3 25.4 14.3 9.1c.7-1.6 2.7-1.6 3.4 0l2.6 6M22.9 21.2l1.8 4.2"
        fill="none"
        stroke="#fff"
        strokeWidth="3.4"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <path
        d="M12.2 18.9l3.9 3.6L26.4 11.6"
        fill="none"
        stroke="#f4b73f"
        strokeWidth="3.4"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
