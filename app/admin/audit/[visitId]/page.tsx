import type { Metadata } from "next";
import { SessionScreen } from "@/components/audit/session-screen";

export const metadata: Metadata = { title: "Session" };

export default async function Page({ params }: { params: Promise<{ visitId: string }> }) {
  return <SessionScreen visitId={(await params).visitId} />;
}
