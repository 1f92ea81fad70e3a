import { cva, type VariantProps } from "class-variance-authority";
import type { ComponentProps } from "react";
import { cn } from "./cn.ts";

const badgeClass = cva(
  "inline-flex items-center gap-1.5 rounded-full px-2.5 py-0.5 font-semibold whitespace-nowrap text-small [&>svg]:size-[1.05em] [&>svg]:shrink-0",
  {
    variants: {
      tone: {
        quiet: "bg-muted text-muted-foreground",
        /** Somebody has to act. Nothing else may look like this. */
        attention: "bg-attention text-attention-foreground",
        success: "bg-success-soft text-success",
        warning: "bg-warning-soft text-warning",
        danger: "bg-destructive-soft text-destructive",
        info: "bg-info-soft text-info",
        outline: "border border-border text-foreground",
      },
    },
    defaultVariants: { tone: "quiet" },
  },
);

/** A small pill with an icon before its words. */
export function Badge({ tone, className, ...props }: ComponentProps<"span"> & VariantProps<typeof badgeClass>) {
  return <span data-slot="badge" className={cn(badgeClass({ tone }), className)} {...props} />;
}
