import type { Metadata } from "next";
import { HelpScreen } from "@/components/auth/help/help-screen.tsx";

export const metadata: Metadata = { title: "Help" };

export default function Page() {
  return <HelpScreen />;
}
