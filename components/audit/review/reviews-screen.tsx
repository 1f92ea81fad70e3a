"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { ChevronDown, ChevronUp, ClipboardList } from "lucide-react";
import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { useRef, useState } from "react";
import type * as z from "zod/mini";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { useFocusKept } from "@/components/ui/focus-return.ts";
import { Skeleton } from "@/components/ui/skeleton";
import { counted } from "@/components/ui/text.ts";
import { longWhen, when } from "@/components/ui/times.ts";
import { isVisit, listReviews } from "@/lib/audit/review.ts";
import { ask } from "@/lib/wire.ts";
import { AuditPage } from "../audit-page.tsx";
import { Listed } from "./listed.tsx";
import { ReviewPanel } from "./review-panel.tsx";
import { outcomeWords, ruleWords } from "./review-words.ts";
import { Which } from "./which.tsx";

type Row = z.infer<typeof listReviews.answer>["reviews"][number];
const nothing = {
  mine: "Nothing waits for you",
  open: "No review is open",
  closed: "No review is closed yet",
} as const;
const lists = { mine: "Mine", open: "Open", closed: "Closed" } as const;

/** What admins look into: theirs, all that is open, what is closed. */
export function ReviewsScreen() {
  return (
    <AuditPage>
      <Reviews />
    </AuditPage>
  );
}

function Reviews() {
  const asked = useSearchParams().get("which");
  const which = asked === "open" || asked === "closed" ? asked : "mine";
  const pages = useInfiniteQuery({
    queryKey: ["audit", "reviews", which],
    queryFn: ({ pageParam }) => ask(listReviews, { which, before: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.older ?? undefined,
  });
  const reviews = pages.data?.pages.flatMap((page) => page.reviews) ?? [];
  const heading = useRef<HTMLHeadingElement>(null);
  useFocusKept(heading, `${reviews.length} ${pages.hasNextPage}`);
  return (
    <>
      <h1 ref={heading} tabIndex={-1} className="text-title font-bold outline-none">
        Reviews
      </h1>
      <p className="text-muted-foreground">
        Sessions and findings that an admin looks into. Each step is a line of the log.
      </p>
      <Which
        label="Which reviews"
        choices={(["mine", "open", "closed"] as const).map((one) => ({
          name: lists[one],
          href: `/admin/audit/reviews${one === "mine" ? "" : `?which=${one}`}`,
          current: one === which,
        }))}
      />
      <Listed
        pages={pages}
        name="Reviews"
        loading={{ label: "Loading reviews", shape: <Skeleton className="h-20 w-full" /> }}
        empty={
          <Empty className="mt-4" icon={<ClipboardList aria-hidden="true" />} title={nothing[which]}>
            A review begins on a session’s page, or at what is unusual.
          </Empty>
        }
      >
        {reviews.map((row) => (
          <OneReview key={row.about} row={row} />
        ))}
      </Listed>
    </>
  );
}

function OneReview({ row }: { row: Row }) {
  const { about, state, assignee, outcome, steps, rule, session, changedAt } = row;
  const [open, setOpen] = useState(false);
  const title = session ? `Session of ${longWhen(new Date(session.at))}` : rule ? ruleWords[rule].title : about;
  const panel = `review-of-${about}`;
  return (
    <li className="rounded-xl border bg-card p-4 shadow-card sm:p-5">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 id={`title-${about}`} className="text-[1.125rem] font-semibold">
          <Link
            href={isVisit(about) ? `/admin/audit/${about}` : "/admin/audit/unusual"}
            className="underline-offset-4 hover:underline"
          >
            {title}
          </Link>
        </h2>
        {state === "closed" ? (
          <Badge tone="success">{`Closed: ${outcome ? outcomeWords[outcome] : ""}`}</Badge>
        ) : (
          <Badge tone="info">{`With ${assignee ?? "nobody"}`}</Badge>
        )}
      </div>
      <p className="text-table text-muted-foreground">
        {[session?.clinician, counted(steps, "step", "steps"), `last ${when(new Date(changedAt))}`]
          .filter(Boolean)
          .join(" · ")}
      </p>
      <Button
        variant="ghost"
        size="sm"
        className="mt-1"
        aria-expanded={open}
        aria-controls={panel}
        aria-describedby={`title-${about}`}
        onClick={() => setOpen(!open)}
      >
        Steps
        {open ? <ChevronUp aria-hidden="true" /> : <ChevronDown aria-hidden="true" />}
      </Button>
      <div id={panel}>{open ? <ReviewPanel about={about} className="mt-3" /> : null}</div>
    </li>
  );
}
