"use client";

import * as Radix from "radix-ui/tabs";
import type { ComponentProps } from "react";
import { cn } from "./cn.ts";

export const Tabs = Radix.Root;

/** Columns by `className`, such as `grid-cols-4`. */
export function TabList({ className, ...props }: ComponentProps<typeof Radix.List>) {
  return <Radix.List className={cn("grid shrink-0 auto-cols-fr grid-flow-col border-b", className)} {...props} />;
}

export function Tab({ className, ...props }: ComponentProps<typeof Radix.Trigger>) {
  return (
    <Radix.Trigger
      className={cn(
        "min-h-12 cursor-pointer border-b-[3px] border-transparent px-1 text-table text-muted-foreground hover:bg-accent data-[state=active]:border-primary data-[state=active]:font-semibold data-[state=active]:text-foreground",
        className,
      )}
      {...props}
    />
  );
}

/** A number in a tab, which says it in its `aria-description`; `attention` when it waits for this reader. */
export function TabCount({ attention, children }: { attention?: boolean; children: number }) {
  return (
    <span
      aria-hidden="true"
      className={cn(
        "ml-1 rounded-full px-1.5 text-small",
        attention ? "bg-attention text-attention-foreground" : "bg-secondary text-secondary-foreground",
      )}
    >
      {children}
    </span>
  );
}

export function TabPanel({ className, ...props }: ComponentProps<typeof Radix.Content>) {
  return <Radix.Content className={cn("min-h-0 grow overflow-auto", className)} {...props} />;
}
