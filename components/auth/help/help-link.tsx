import { CircleHelp } from "lucide-react";
import Link from "next/link";

/** To the short answers. Only on pages that may be left. */
export const HelpLink = () => (
  <Link
    href="/help"
    className="inline-flex min-h-11 items-center gap-2 text-table text-muted-foreground underline-offset-4 hover:underline"
  >
    <CircleHelp aria-hidden="true" className="size-5" />
    Help
  </Link>
);
