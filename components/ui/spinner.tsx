import { LoaderCircle } from "lucide-react";
import { cn } from "./cn.ts";

/** Says nothing by itself: whatever it stands in says what is under way. */
export function Spinner({ className }: { className?: string }) {
  return <LoaderCircle aria-hidden="true" className={cn("size-[1.15em] shrink-0 animate-spin", className)} />;
}
