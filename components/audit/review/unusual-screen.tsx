"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { Telescope } from "lucide-react";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useRef } from "react";
import { Empty } from "@/components/ui/empty";
import { Field } from "@/components/ui/field";
import { useFocusKept } from "@/components/ui/focus-return.ts";
import { Select } from "@/components/ui/select";
import { Skeleton } from "@/components/ui/skeleton";
import { figure } from "@/components/ui/text.ts";
import { listFindings } from "@/lib/audit/review.ts";
import { Rule } from "@/lib/audit/unusual.ts";
import { ask } from "@/lib/wire.ts";
import { AuditPage } from "../audit-page.tsx";
import { FindingCard } from "./finding-card.tsx";
import { Listed } from "./listed.tsx";
import { ruleWords } from "./review-words.ts";
import { Which } from "./which.tsx";

/** What is unusual on the trail, each with why and the lines it rests on. */
export function UnusualScreen() {
  return (
    <AuditPage>
      <Findings />
    </AuditPage>
  );
}

function Findings() {
  const query = useSearchParams();
  const router = useRouter();
  const path = usePathname();
  const state = query.get("state") === "dismissed" ? "dismissed" : "open";
  const rule = Rule.safeParse(query.get("rule")).data;
  const address = (next: { state: string; rule: string | undefined }) => {
    const said = new URLSearchParams();
    if (next.state === "dismissed") said.set("state", "dismissed");
    if (next.rule) said.set("rule", next.rule);
    return said.size > 0 ? `${path}?${said}` : path;
  };
  const pages = useInfiniteQuery({
    queryKey: ["audit", "findings", state, rule],
    queryFn: ({ pageParam }) => ask(listFindings, { state, rule, before: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.older ?? undefined,
  });
  const first = pages.data?.pages[0];
  const findings = pages.data?.pages.flatMap((page) => page.findings) ?? [];
  const people = new Map(pages.data?.pages.flatMap((page) => page.people.map(({ id, name }) => [id, name] as const)));
  const heading = useRef<HTMLHeadingElement>(null);
  // A finding goes with its buttons once it was dismissed, and Show older once all are shown.
  useFocusKept(heading, `${findings.length} ${pages.hasNextPage}`);
  return (
    <>
      <h1 ref={heading} tabIndex={-1} className="text-title font-bold outline-none">
        Unusual
      </h1>
      <p className="max-w-[68rem] text-muted-foreground">
        What the log’s lines say and a look may explain. Nobody has done wrong because something stands here.
        {first ? ` ${behind(first)}` : ""}
      </p>
      <Which
        label="Which findings"
        choices={(["open", "dismissed"] as const).map((one) => ({
          name: one === "open" ? "Open" : "Dismissed",
          href: address({ state: one, rule }),
          current: one === state,
        }))}
      />
      <Field label="What" className="mt-4 max-w-80">
        <Select
          name="rule"
          value={rule ?? ""}
          onChange={(e) => router.replace(address({ state, rule: e.target.value }), { scroll: false })}
        >
          <option value="">Everything</option>
          {Rule.options.map((one) => (
            <option key={one} value={one}>
              {ruleWords[one].title}
            </option>
          ))}
        </Select>
      </Field>
      <Listed
        pages={pages}
        name="Findings"
        loading={{
          label: "Loading what is unusual",
          shape: (
            <>
              <Skeleton className="h-36 w-full" />
              <Skeleton className="mt-3 h-36 w-full" />
            </>
          ),
        }}
        empty={
          <Empty
            className="mt-4"
            icon={<Telescope aria-hidden="true" />}
            title={state === "dismissed" ? "Nothing was dismissed" : "Nothing unusual"}
          >
            {rule
              ? "Of this kind there is nothing here."
              : state === "open"
                ? "The log’s lines are as they usually are."
                : null}
          </Empty>
        }
      >
        {findings.map((finding) => (
          <FindingCard key={finding.id} finding={finding} people={people} />
        ))}
      </Listed>
    </>
  );
}

/** Lines that come while somebody looks are no news: a few behind is all of them. */
const A_FEW = 20;

function behind({ seen, last }: { seen: number; last: number }): string {
  if (last - seen <= A_FEW) return "All lines were looked through.";
  return `${figure(seen)} of ${figure(last)} lines were looked through so far.`;
}
