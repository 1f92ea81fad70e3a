"use client";

import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/components/ui/cn.ts";

interface ControlProps extends ComponentProps<"button"> {
  icon: ReactNode;
  /** The word below, and the control's name. */
  word: string;
  look?: "plain" | "on" | "end";
  /** How much is new behind it. */
  count?: number;
}

const looks = {
  plain: "bg-stage-control text-stage-foreground group-hover:bg-stage-control/80",
  on: "bg-stage-foreground text-stage",
  end: "bg-stage-end text-stage-end-foreground",
} as const;

/** A round control of 56 px with its word. */
export function Control({ icon, word, look = "plain", count = 0, className, ...props }: ControlProps) {
  return (
    <button
      type="button"
      className={cn("group grid cursor-pointer justify-items-center gap-1", className)}
      {...(count > 0 ? { "aria-description": `${count} new` } : {})}
      {...props}
    >
      <span
        className={cn(
          "relative grid size-[56px] place-items-center rounded-full transition-colors duration-(--quick) [&>svg]:size-6",
          looks[look],
        )}
      >
        {icon}
        {count > 0 ? (
          <span
            aria-hidden="true"
            className="absolute -top-0.5 -right-0.5 grid h-5 min-w-5 place-items-center rounded-full bg-attention px-1 text-[0.8125rem] leading-none font-bold text-attention-foreground"
          >
            {count > 99 ? "99+" : count}
          </span>
        ) : null}
      </span>
      <span className="text-small whitespace-nowrap text-stage-foreground">{word}</span>
    </button>
  );
}
