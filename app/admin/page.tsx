import type { Metadata } from "next";
import { OverviewScreen } from "@/components/audit/overview-screen";

export const metadata: Metadata = { title: "Clinic at a glance" };

export default function Page() {
  return <OverviewScreen />;
}
