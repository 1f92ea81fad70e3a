import { UserRound } from "lucide-react";
import { cn } from "./cn.ts";

/** Two letters of a name, or a figure while there is none; decoration beside the name itself. */
export function Avatar({ name, className }: { name: string | null; className?: string }) {
  return (
    <span
      aria-hidden="true"
      className={cn(
        "inline-grid size-10 shrink-0 place-items-center rounded-full bg-accent text-table font-semibold text-accent-foreground",
        className,
      )}
    >
      {name === null ? <UserRound className="size-1/2" /> : initialsOf(name)}
    </span>
  );
}

function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== "" && !/^(dr|prof|mr|mrs|ms|mx)\.?$/i.test(word));
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  return letters.map((word) => [...(word ?? "")][0]?.toUpperCase() ?? "").join("") || "·";
}
