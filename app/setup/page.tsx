import type { Metadata } from "next";
import { SetupScreen } from "@/components/auth/setup-screen";

export const metadata: Metadata = { title: "Set up your clinic" };

export default function Page() {
  return <SetupScreen />;
}
