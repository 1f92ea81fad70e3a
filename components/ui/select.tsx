"use client";

import { ChevronDown } from "lucide-react";
import type { ComponentProps } from "react";
import { cn } from "./cn.ts";
import { controlClass, useWiring } from "./field.tsx";

/** The browser’s own list, so it is the one its reader knows. */
export function Select({ className, children, ...props }: ComponentProps<"select">) {
  const { wired, calm } = useWiring();
  return (
    <div className="relative">
      <select className={cn(controlClass(calm), "appearance-none pr-10", className)} {...wired} {...props}>
        {children}
      </select>
      <ChevronDown
        aria-hidden="true"
        className="pointer-events-none absolute right-3 top-1/2 size-5 -translate-y-1/2 text-muted-foreground"
      />
    </div>
  );
}
