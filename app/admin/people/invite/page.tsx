import type { Metadata } from "next";
import { InviteScreen } from "@/components/auth/people/invite-screen.tsx";

export const metadata: Metadata = { title: "Invite" };

export default function Page() {
  return <InviteScreen />;
}
