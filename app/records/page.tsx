import type { Metadata } from "next";
import { RecordsScreen } from "@/components/records/mine/records-screen.tsx";

export const metadata: Metadata = { title: "My records", referrer: "no-referrer", robots: { index: false } };

export default function Page() {
  return <RecordsScreen />;
}
