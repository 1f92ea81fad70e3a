import Link from "next/link";
import { cn } from "@/components/ui/cn";

interface WhichProps {
  label: string;
  choices: readonly { name: string; href: string; current: boolean }[];
}

/** Which of a list is shown: links, so that each has an address. */
export function Which({ label, choices }: WhichProps) {
  return (
    <nav aria-label={label} className="mt-4 flex flex-wrap gap-1 border-b">
      {choices.map(({ name, href, current }) => (
        <Link
          key={href}
          href={href}
          scroll={false}
          aria-current={current ? "page" : undefined}
          className={cn(
            "inline-flex min-h-11 items-center border-b-[3px] border-transparent px-3 text-table text-muted-foreground hover:bg-accent",
            current && "border-primary font-semibold text-foreground",
          )}
        >
          {name}
        </Link>
      ))}
    </nav>
  );
}
