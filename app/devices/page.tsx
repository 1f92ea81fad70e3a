import type { Metadata } from "next";
import { DevicesScreen } from "@/components/auth/people/devices-screen.tsx";

export const metadata: Metadata = { title: "Your devices" };

export default function Page() {
  return <DevicesScreen />;
}
