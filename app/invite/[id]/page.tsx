import type { Metadata } from "next";
import { InvitedScreen } from "@/components/auth/people/invited-screen.tsx";

export const metadata: Metadata = { title: "Your invitation", referrer: "no-referrer", robots: { index: false } };

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return <InvitedScreen id={id} />;
}
