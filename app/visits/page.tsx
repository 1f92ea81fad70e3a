import type { Metadata } from "next";
import { VisitsScreen } from "@/components/visits/visits-screen";

export const metadata: Metadata = { title: "Visits" };

export default function Page() {
  return <VisitsScreen />;
}
