"use client";

import { useQuery } from "@tanstack/react-query";
import { ArrowLeft, Printer } from "lucide-react";
import Link from "next/link";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useEffect, useState } from "react";
import { AdminsOnly } from "@/components/auth/admins-only.tsx";
import { StaffShell } from "@/components/auth/staff-shell";
import { useClinic } from "@/components/auth/use-clinic.ts";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { PrintPage, printWhenThere } from "@/components/ui/print-page.tsx";
import { Select } from "@/components/ui/select";
import { Loading, Skeleton } from "@/components/ui/skeleton";
import { Month, readReport } from "@/lib/audit/report.ts";
import { wordsFor } from "@/lib/strings/apart.ts";
import { ask } from "@/lib/wire.ts";
import { ReportPaper } from "./report-paper.tsx";
import { monthsUntil, monthWords } from "./report-words.ts";

/** Months that can be chosen; the address takes any. */
const MONTHS = 24;

/** A month of the practice in figures: on the screen, on paper, as a PDF. */
export function ReportScreen() {
  return (
    <StaffShell current="clinic" wide>
      <AdminsOnly what="The clinic’s figures are">
        <nav aria-label="Breadcrumb" className="text-table">
          <Link
            href="/admin"
            className="inline-flex min-h-9 items-center gap-1.5 text-muted-foreground hover:text-foreground"
          >
            <ArrowLeft aria-hidden="true" className="size-4" />
            Clinic
          </Link>
        </nav>
        <ReportOfMonth />
      </AdminsOnly>
    </StaffShell>
  );
}

function ReportOfMonth() {
  const asked = Month.safeParse(useSearchParams().get("month")).data;
  const router = useRouter();
  const path = usePathname();
  const [now] = useState(() => new Date());
  const months = monthsUntil(now, MONTHS);
  const month = asked ?? months[0]!;
  const [clinic] = useClinic();
  const [printing, setPrinting] = useState(false);
  const report = useQuery({
    queryKey: ["audit", "report", month],
    queryFn: () => ask(readReport, { month }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  useEffect(() => {
    if (!printing) return;
    const done = () => setPrinting(false);
    addEventListener("afterprint", done, { once: true });
    const stop = printWhenThere();
    return () => {
      stop();
      removeEventListener("afterprint", done);
    };
  }, [printing]);
  const known = clinic.is === "known" ? clinic.clinic : null;
  const paper = report.data ? (
    <ReportPaper report={report.data} clinic={known?.name ?? "Assent"} ledger={known?.ledger.label ?? ""} now={now} />
  ) : null;
  return (
    <>
      <div className="mt-1 flex flex-wrap items-end justify-between gap-3">
        <h1 className="text-title font-bold">Monthly report</h1>
        <div className="flex flex-wrap items-end gap-2">
          <Field label="Month" className="min-w-48">
            <Select
              name="month"
              value={month}
              onChange={(e) => router.replace(`${path}?month=${e.target.value}`, { scroll: false })}
            >
              {(months.includes(month) ? months : [month, ...months]).map((one) => (
                <option key={one} value={one}>
                  {monthWords(one)}
                </option>
              ))}
            </Select>
          </Field>
          <Button
            disabled={!report.data || !known}
            busy={printing}
            onClick={() => setPrinting(true)}
            className="min-h-11"
          >
            {printing ? null : <Printer aria-hidden="true" />}
            Print or save as PDF
          </Button>
        </div>
      </div>
      {paper ? (
        <Card className="mt-4" aria-label={monthWords(month)}>
          {paper}
        </Card>
      ) : report.isError ? (
        <Alert tone="warning" className="mt-4" title={wordsFor(report.error)}>
          <Button
            variant="outline"
            size="sm"
            className="mt-2"
            onClick={() => report.refetch()}
            busy={report.isFetching}
          >
            Try again
          </Button>
        </Alert>
      ) : (
        <Loading label="Counting the month" slow="Still waiting for the practice’s server." className="mt-4">
          <Skeleton className="h-72 w-full" />
        </Loading>
      )}
      {printing && paper ? <PrintPage>{paper}</PrintPage> : null}
    </>
  );
}
