import type { Metadata } from "next";
import { JoinPage } from "@/components/visits/join/join-page.tsx";

export const metadata: Metadata = { title: "Video visit", referrer: "no-referrer", robots: { index: false } };

export default async function Page({ params }: { params: Promise<{ visitId: string }> }) {
  const { visitId } = await params;
  return <JoinPage visitId={visitId} />;
}
