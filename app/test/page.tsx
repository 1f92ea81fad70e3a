import type { Metadata } from "next";
import { DeviceTest } from "@/components/visits/test/device-test.tsx";

export const metadata: Metadata = { title: "Test your device", referrer: "no-referrer", robots: { index: false } };

export default async function Page({ searchParams }: { searchParams: Promise<{ visit?: string | string[] }> }) {
  const { visit } = await searchParams;
  return <DeviceTest visitId={typeof visit === "string" ? visit : undefined} />;
}
