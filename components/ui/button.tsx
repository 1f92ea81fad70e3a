import { cva, type VariantProps } from "class-variance-authority";
import * as Slot from "radix-ui/slot";
import type { ComponentProps, MouseEvent } from "react";
import { cn } from "./cn.ts";
import { Spinner } from "./spinner.tsx";

/** For links that look like buttons, too: `className={buttonClass({ variant: "outline" })}`. */
export const buttonClass = cva(
  "inline-flex items-center justify-center py-2 text-center font-semibold transition-colors duration-(--quick) ease-(--ease) cursor-pointer border disabled:cursor-not-allowed disabled:border-border disabled:bg-muted disabled:text-muted-foreground aria-disabled:cursor-progress [&>svg]:shrink-0",
  {
    variants: {
      variant: {
        default: "border-transparent bg-primary text-primary-foreground hover:bg-primary/90",
        outline: "border-input bg-card text-foreground hover:bg-accent",
        secondary: "border-transparent bg-secondary text-secondary-foreground hover:bg-accent",
        ghost: "border-transparent text-foreground hover:bg-accent",
        danger: "border-destructive bg-card text-destructive hover:bg-destructive-soft",
        stop: "border-transparent bg-destructive text-destructive-foreground hover:bg-destructive/90",
      },
      size: {
        calm: "min-h-control-calm px-[min(1.5rem,5vw)] text-calm rounded-lg gap-3 [&>svg]:size-6",
        default: "min-h-control px-4 text-body rounded-md gap-2 max-sm:min-h-11 [&>svg]:size-[1.15em]",
        sm: "min-h-9 px-3 text-table rounded-md gap-2 [&>svg]:size-[1.15em]",
        icon: "size-10 rounded-md text-[1.125rem] max-sm:size-11 [&>svg]:size-[1.15em]",
      },
    },
    defaultVariants: { variant: "default", size: "default" },
  },
);

export interface ButtonProps extends ComponentProps<"button">, VariantProps<typeof buttonClass> {
  /** Renders its one child (a link) with the button's look. */
  asChild?: boolean;
  /** Work is under way: keeps its place and its focus, shows a spinner, ignores presses. */
  busy?: boolean;
}

export function Button({ className, variant, size, asChild, busy, children, onClick, type, ...props }: ButtonProps) {
  const classes = cn(buttonClass({ variant, size }), className);
  if (asChild) {
    return (
      <Slot.Root data-slot="button" className={classes} {...props}>
        {children}
      </Slot.Root>
    );
  }
  const press = (event: MouseEvent<HTMLButtonElement>) => (busy ? event.preventDefault() : onClick?.(event));
  return (
    <button
      type={type ?? "button"}
      data-slot="button"
      className={classes}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      onClick={press}
      {...props}
    >
      {busy ? <Spinner /> : null}
      {children}
    </button>
  );
}
