import type { Metadata } from "next";
import { VisitPage } from "@/components/visits/visit-page";

export const metadata: Metadata = { title: "Visit" };

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  return <VisitPage visitId={(await params).id} />;
}
