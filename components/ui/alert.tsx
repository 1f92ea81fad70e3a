import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./cn.ts";

const tones = {
  quiet: { icon: Info, className: "bg-muted [&>svg]:text-muted-foreground" },
  info: { icon: Info, className: "bg-info-soft [&>svg]:text-info" },
  warning: { icon: TriangleAlert, className: "bg-warning-soft [&>svg]:text-warning" },
  danger: { icon: CircleAlert, className: "bg-destructive-soft [&>svg]:text-destructive" },
  success: { icon: CircleCheck, className: "bg-success-soft [&>svg]:text-success" },
} as const;

interface AlertProps {
  tone?: keyof typeof tones;
  /** The first sentence: what happened. */
  title?: ReactNode;
  /** What it means and what to do. */
  children?: ReactNode;
  /** `alert` interrupts a screen reader: only for what cannot wait. `none` for text that was there from the start. */
  role?: "status" | "alert" | "none";
  /** Patients' size. */
  calm?: boolean;
  icon?: ReactNode;
  className?: string;
}

export function Alert({ tone = "info", title, children, role = "status", calm, icon, className }: AlertProps) {
  const { icon: Icon, className: look } = tones[tone];
  return (
    <div
      data-slot="alert"
      role={role === "none" ? undefined : role}
      className={cn(
        "flex gap-3 rounded-lg p-4 text-foreground [&>svg]:mt-px [&>svg]:size-6 [&>svg]:shrink-0",
        look,
        className,
      )}
    >
      {icon ?? <Icon aria-hidden="true" />}
      <div className="min-w-0 grow">
        {title ? <p className={cn("font-semibold", calm && "text-calm")}>{title}</p> : null}
        {children ? <div className={calm ? "text-calm-small" : "text-table"}>{children}</div> : null}
      </div>
    </div>
  );
}
