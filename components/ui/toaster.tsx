"use client";

import { Toaster as Sonner, toast } from "sonner";
import { useTheme } from "./theme.tsx";

export { toast };

/** Only for what needs no answer ("Link copied"). Stands bottom left, away from a call's controls; waits under a pointer or focus. */
export function Toaster() {
  const { resolvedTheme } = useTheme();
  return (
    <Sonner
      position="bottom-left"
      duration={6_000}
      theme={resolvedTheme === "dark" ? "dark" : "light"}
      containerAriaLabel="Messages"
      toastOptions={{
        classNames: {
          toast: "!bg-popover !text-popover-foreground !border-border !rounded-lg !shadow-pop !font-sans !text-body",
        },
      }}
    />
  );
}
