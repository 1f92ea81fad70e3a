import { ArrowLeft } from "lucide-react";
import Link from "next/link";

/** The way out of one visit. */
export function BackToVisits() {
  return (
    <nav aria-label="Breadcrumb" className="text-table">
      <Link
        href="/visits"
        className="inline-flex min-h-9 items-center gap-1.5 text-muted-foreground hover:text-foreground"
      >
        <ArrowLeft aria-hidden="true" className="size-4 shrink-0" />
        Today’s visits
      </Link>
    </nav>
  );
}
