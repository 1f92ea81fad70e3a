import type { ComponentProps } from "react";
import { cn } from "./cn.ts";

export function Th({ className, ...props }: ComponentProps<"th">) {
  return (
    <th
      scope="col"
      className={cn(
        "sticky top-0 z-[1] border-b bg-muted px-3 py-2 text-left text-small font-semibold text-muted-foreground first:pl-5 last:pr-5",
        className,
      )}
      {...props}
    />
  );
}

/** What does not hold: a tint and a red edge. */
export const changedClass = "bg-destructive-soft shadow-[inset_4px_0_0_var(--destructive)]";

/** `changed` marks a line that does not hold: tint and a red edge, beside the icon and words its cells carry. */
export function Tr({ changed, className, ...props }: ComponentProps<"tr"> & { changed?: boolean }) {
  return (
    <tr
      className={cn(
        "relative h-10 border-b last:border-0 hover:bg-muted",
        changed && cn(changedClass, "hover:bg-destructive-soft"),
        className,
      )}
      {...props}
    />
  );
}

export function Td({ className, ...props }: ComponentProps<"td">) {
  return <td className={cn("px-3 py-2 first:pl-5 last:pr-5", className)} {...props} />;
}

/** The link in a row's first cell that the whole row opens. */
export const rowLink = "font-semibold underline-offset-4 hover:underline after:absolute after:inset-0";
