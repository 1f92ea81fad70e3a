import type { Metadata } from "next";
import { SlipScreen } from "@/components/records/paper/slip-screen.tsx";

export const metadata: Metadata = {
  title: "Verify a record",
  referrer: "no-referrer",
  robots: { index: false },
};

export default function Page() {
  return <SlipScreen />;
}
