import type { Metadata } from "next";
import { LinkPage } from "@/components/visits/join/link-page.tsx";

export const metadata: Metadata = { title: "Video visit", referrer: "no-referrer", robots: { index: false } };

export default async function Page({ params }: { params: Promise<{ visitId: string }> }) {
  const { visitId } = await params;
  return <LinkPage id={visitId} />;
}
