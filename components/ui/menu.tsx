"use client";

import { Check } from "lucide-react";
import * as Radix from "radix-ui/dropdown-menu";
import type { ComponentProps } from "react";
import { cn } from "./cn.ts";

export const Menu = Radix.Root;
export const MenuTrigger = Radix.Trigger;
export const MenuRadioGroup = Radix.RadioGroup;

const itemClass =
  "flex min-h-10 cursor-pointer items-center gap-3 rounded-md px-3 text-body outline-none select-none data-highlighted:bg-accent data-highlighted:text-accent-foreground data-disabled:text-muted-foreground [&>svg]:size-5 [&>svg]:shrink-0";

export function MenuContent({ className, sideOffset = 6, ...props }: ComponentProps<typeof Radix.Content>) {
  return (
    <Radix.Portal>
      <Radix.Content
        sideOffset={sideOffset}
        collisionPadding={12}
        className={cn(
          "z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-56 overflow-y-auto rounded-lg border bg-popover p-1.5 text-popover-foreground shadow-pop data-[state=open]:animate-in data-[state=open]:fade-in-0 data-[state=open]:duration-(--quick)",
          className,
        )}
        {...props}
      />
    </Radix.Portal>
  );
}

export function MenuItem({ className, ...props }: ComponentProps<typeof Radix.Item>) {
  return <Radix.Item className={cn(itemClass, className)} {...props} />;
}

export function MenuRadioItem({ className, children, ...props }: ComponentProps<typeof Radix.RadioItem>) {
  return (
    <Radix.RadioItem className={cn(itemClass, className)} {...props}>
      {children}
      <Radix.ItemIndicator className="ml-auto">
        <Check aria-hidden="true" className="size-5" />
      </Radix.ItemIndicator>
    </Radix.RadioItem>
  );
}

/** Stays open, so that what it changed is seen. */
export function MenuCheckItem({ className, children, ...props }: ComponentProps<typeof Radix.CheckboxItem>) {
  return (
    <Radix.CheckboxItem
      className={cn(itemClass, className)}
      {...props}
      onSelect={(event) => {
        event.preventDefault();
        props.onSelect?.(event);
      }}
    >
      {children}
      <Radix.ItemIndicator className="ml-auto">
        <Check aria-hidden="true" className="size-5" />
      </Radix.ItemIndicator>
    </Radix.CheckboxItem>
  );
}

export function MenuLabel({ className, ...props }: ComponentProps<typeof Radix.Label>) {
  return <Radix.Label className={cn("px-3 pt-2 pb-1 text-small text-muted-foreground", className)} {...props} />;
}

export function MenuSeparator({ className, ...props }: ComponentProps<typeof Radix.Separator>) {
  return <Radix.Separator className={cn("my-1.5 h-px bg-border", className)} {...props} />;
}
