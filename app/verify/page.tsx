import type { Metadata } from "next";
import { VerifyScreen } from "@/components/records/paper/verify-screen.tsx";

export const metadata: Metadata = {
  title: "Verify a record",
  referrer: "no-referrer",
  robots: { index: false },
};

export default function Page() {
  return <VerifyScreen />;
}
