import type { Metadata } from "next";
import { SharedScreen } from "@/components/records/shared-screen";

export const metadata: Metadata = { title: "Shared with you" };

export default async function Page({ params }: { params: Promise<{ id: string; shareId: string }> }) {
  const { id, shareId } = await params;
  return <SharedScreen visitId={id} shareId={shareId} />;
}
