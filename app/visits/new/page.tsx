import type { Metadata } from "next";
import { NewVisitScreen } from "@/components/visits/new-visit-screen";

export const metadata: Metadata = { title: "New visit" };

export default function Page() {
  return <NewVisitScreen />;
}
