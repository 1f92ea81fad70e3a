import Link from "next/link";
import { Alert } from "@/components/ui/alert";
import { counted } from "@/components/ui/text.ts";
import { useWaiting } from "./review/use-review.ts";

/** What waits for an admin: findings that nobody looked at, reviews that are theirs. Nothing where nothing does. */
export function WaitingForAdmin() {
  const { unusual = 0, mine = 0 } = useWaiting().data ?? {};
  if (unusual === 0 && mine === 0) return null;
  const link = "inline-flex min-h-6 items-center font-semibold underline underline-offset-4";
  return (
    <Alert tone="info" className="mt-4" role="none">
      <p className="flex flex-wrap items-center gap-x-5 text-body">
        {unusual > 0 ? (
          <Link href="/admin/audit/unusual" className={link}>
            {counted(unusual, "unusual thing", "unusual things")} on the log
          </Link>
        ) : null}
        {mine > 0 ? (
          <Link href="/admin/audit/reviews" className={link}>
            {counted(mine, "review waits", "reviews wait")} for you
          </Link>
        ) : null}
      </p>
    </Alert>
  );
}
