import type { Metadata } from "next";
import { Suspense } from "react";
import { ReportScreen } from "@/components/audit/report/report-screen";

export const metadata: Metadata = { title: "Monthly report" };

export default function Page() {
  return (
    <Suspense>
      <ReportScreen />
    </Suspense>
  );
}
