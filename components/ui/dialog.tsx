"use client";

import { X } from "lucide-react";
import * as Radix from "radix-ui/dialog";
import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import { cn } from "./cn.ts";
import { useFocusReturn } from "./focus-return.ts";

/** A question the page waits for. Content that belongs beside the work goes into a `SidePanel`. */
export const Dialog = Radix.Root;
export const DialogTrigger = Radix.Trigger;
export const DialogClose = Radix.Close;

interface DialogContentProps {
  title: string;
  description?: ReactNode;
  children?: ReactNode;
  className?: string;
}

const scrim =
  "fixed inset-0 z-40 bg-stage/60 data-[state=open]:animate-in data-[state=open]:fade-in-0 data-[state=open]:duration-(--calm)";

export function DialogContent({ title, description, children, className }: DialogContentProps) {
  const back = useFocusReturn();
  return (
    <Radix.Portal>
      <Radix.Overlay className={scrim} />
      <Radix.Content
        {...(description ? {} : { "aria-describedby": undefined })}
        {...back}
        className={cn(
          "fixed top-1/2 left-1/2 z-50 grid max-h-[calc(100dvh-2rem)] w-[calc(100vw-2rem)] max-w-[34rem] -translate-x-1/2 -translate-y-1/2 gap-4 overflow-y-auto rounded-2xl border bg-popover p-[min(1.25rem,4vw)] text-popover-foreground shadow-pop sm:p-6 data-[state=open]:animate-in data-[state=open]:fade-in-0 data-[state=open]:duration-(--calm)",
          className,
        )}
      >
        <div className="pr-10">
          <Radix.Title className="text-lead font-semibold">{title}</Radix.Title>
          {description ? (
            <Radix.Description className="mt-1 text-muted-foreground">{description}</Radix.Description>
          ) : null}
        </div>
        {children}
        <CloseButton />
      </Radix.Content>
    </Radix.Portal>
  );
}

/** A modal sheet at the edge: the menu of a narrow screen. */
export function SheetContent({ title, children, className }: DialogContentProps) {
  return (
    <Radix.Portal>
      <Radix.Overlay className={scrim} />
      <Radix.Content
        aria-describedby={undefined}
        className={cn(
          "fixed inset-y-0 right-0 z-50 flex w-[min(20rem,90vw)] flex-col overflow-y-auto bg-sidebar p-4 text-sidebar-foreground shadow-pop data-[state=open]:animate-in data-[state=open]:slide-in-from-right data-[state=open]:duration-(--calm)",
          className,
        )}
      >
        <Radix.Title className="flex min-h-11 items-center px-3 pr-12 font-semibold">{title}</Radix.Title>
        {children}
        <CloseButton />
      </Radix.Content>
    </Radix.Portal>
  );
}

function CloseButton() {
  return (
    <Radix.Close asChild>
      <Button variant="ghost" size="icon" aria-label="Close" title="Close" className="absolute top-3.5 right-3.5">
        <X aria-hidden="true" />
      </Button>
    </Radix.Close>
  );
}
