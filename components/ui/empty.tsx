import type { ReactNode } from "react";
import { cn } from "./cn.ts";

interface EmptyProps {
  icon: ReactNode;
  title: string;
  /** 1 where the page has no other heading. */
  level?: 1 | 2;
  children?: ReactNode;
  /** The button that fills it. */
  action?: ReactNode;
  className?: string;
}

export function Empty({ icon, title, level = 2, children, action, className }: EmptyProps) {
  const Heading = `h${level}` as const;
  return (
    <section
      className={cn("grid place-items-center rounded-xl border bg-card p-5 py-10 text-center", className)}
      aria-label={title}
    >
      <div className="[&>svg]:mx-auto [&>svg]:size-10 [&>svg]:text-muted-foreground">
        {icon}
        <Heading className="mt-2 font-semibold">{title}</Heading>
        {children ? <p className="text-muted-foreground">{children}</p> : null}
        {action ? <div className="mt-3">{action}</div> : null}
      </div>
    </section>
  );
}
