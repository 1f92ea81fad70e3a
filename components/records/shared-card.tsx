"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { shortName } from "@/components/consent/names.ts";
import { Button } from "@/components/ui/button.tsx";
import { counted } from "@/components/ui/text.ts";
import { day, fromSeconds, until } from "@/components/ui/times.ts";
import { listSharedWithMe } from "@/lib/records/share.ts";
import { ask } from "@/lib/wire.ts";

/** What patients of other doctors let this one read, as long as they do. Nothing where there is nothing. */
export function SharedCard() {
  const found = useQuery({ queryKey: ["shared"], queryFn: () => ask(listSharedWithMe, {}) });
  const live = found.data?.shares.filter(({ state }) => state === "live") ?? [];
  if (live.length === 0) return null;
  return (
    <div>
      <h2 id="shared" className="mb-2 text-[1.125rem] font-semibold">
        Shared with you
      </h2>
      <section aria-labelledby="shared" className="rounded-xl border bg-card shadow-card">
        <ul>
          {live.map((share) => (
            <li
              key={share.id}
              className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 border-t px-4 py-3 first:border-0 sm:px-5"
            >
              <div className="min-w-0">
                <p className="font-semibold">
                  Patient <span className="font-mono">{share.pseudonym}</span> of {shortName(share.clinician)}
                </p>
                <p className="text-table text-muted-foreground">
                  {counted(share.records, "record", "records")}, shared {day(new Date(share.sharedAt))},{" "}
                  {until(fromSeconds(share.validUntil))}
                </p>
              </div>
              <Button asChild variant="outline" size="sm">
                <Link
                  href={`/visits/${share.visitId}/shared/${share.id}`}
                  aria-label={`Open what patient ${share.pseudonym} shared`}
                >
                  Open
                </Link>
              </Button>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}
