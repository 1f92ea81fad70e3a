import type { Metadata } from "next";
import { Suspense } from "react";
import { ReviewsScreen } from "@/components/audit/review/reviews-screen";

export const metadata: Metadata = { title: "Reviews" };

export default function Page() {
  return (
    <Suspense>
      <ReviewsScreen />
    </Suspense>
  );
}
