import Link from "next/link";
import { figure } from "@/components/ui/text.ts";
import { useWaiting } from "./use-review.ts";

/** From the log to what is made of it. */
export function AuditLinks() {
  const { unusual = 0, mine = 0 } = useWaiting().data ?? {};
  const links = [
    { href: "/admin/audit/unusual", name: unusual > 0 ? `Unusual (${figure(unusual)})` : "Unusual" },
    { href: "/admin/audit/reviews", name: mine > 0 ? `Reviews (${figure(mine)} for you)` : "Reviews" },
    { href: "/admin/report", name: "Monthly report" },
  ];
  return (
    <nav aria-label="More of the log" className="mt-2 flex flex-wrap gap-x-5 text-table">
      {links.map(({ href, name }) => (
        <Link
          key={href}
          href={href}
          className="inline-flex min-h-9 items-center font-semibold text-primary underline underline-offset-4"
        >
          {name}
        </Link>
      ))}
    </nav>
  );
}
