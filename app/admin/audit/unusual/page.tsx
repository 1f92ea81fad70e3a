import type { Metadata } from "next";
import { Suspense } from "react";
import { UnusualScreen } from "@/components/audit/review/unusual-screen";

export const metadata: Metadata = { title: "Unusual" };

export default function Page() {
  return (
    <Suspense>
      <UnusualScreen />
    </Suspense>
  );
}
