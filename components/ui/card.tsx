import type { ComponentProps } from "react";
import { cn } from "./cn.ts";

/** `calm` is the patients' card: rounder and wider inside. */
export function Card({ calm = false, className, ...props }: ComponentProps<"section"> & { calm?: boolean }) {
  return (
    <section
      data-slot="card"
      className={cn(
        "min-w-0 border bg-card text-card-foreground shadow-card",
        calm ? "rounded-2xl p-[min(1.25rem,4vw)] sm:p-6" : "rounded-xl p-4 sm:p-6",
        className,
      )}
      {...props}
    />
  );
}

export function CardTitle({ className, ...props }: ComponentProps<"h2">) {
  return <h2 className={cn("text-[1.125rem] font-semibold", className)} {...props} />;
}
