"use client";

import { X } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { Button } from "./button.tsx";
import { cn } from "./cn.ts";

interface SidePanelProps {
  title: string;
  onClose: () => void;
  /** In place of the title's line, such as tabs; Escape still closes. */
  head?: ReactNode;
  children: ReactNode;
  className?: string;
}

/**
 * Stands beside the work on a wide screen and below it on a phone; never over it, so everything stays operable.
 * Focus moves in when it opens and back to where it came from when it closes.
 */
export function SidePanel({ title, onClose, head, children, className }: SidePanelProps) {
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    if (!panel.current?.contains(before)) panel.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <aside
      ref={panel}
      tabIndex={-1}
      aria-label={title}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || event.defaultPrevented) return;
        event.stopPropagation();
        onClose();
      }}
      className={cn(
        "flex min-h-0 min-w-0 flex-col bg-card text-card-foreground outline-none max-lg:rounded-t-2xl max-lg:border-t max-lg:shadow-sheet lg:w-[24rem] lg:shrink-0 lg:border-l",
        className,
      )}
    >
      {head ?? <PanelHead title={title} onClose={onClose} />}
      {children}
    </aside>
  );
}

/** The title's line of a panel that can be closed. */
export function PanelHead({ title, onClose, className }: Pick<SidePanelProps, "title" | "onClose" | "className">) {
  return (
    <div className={cn("flex items-center justify-between gap-3 border-b py-1.5 pr-2 pl-4", className)}>
      <h2 className="text-[1.125rem] font-semibold">{title}</h2>
      <Button
        variant="ghost"
        size="icon"
        className="size-12 text-lead"
        aria-label="Close"
        title="Close"
        onClick={onClose}
      >
        <X aria-hidden="true" />
      </Button>
    </div>
  );
}
