"use client";

import { ShieldAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useMe } from "@/components/auth/staff";
import { Empty } from "@/components/ui/empty";

/** The server refuses everyone else; this says so without asking it. */
export function AdminsOnly({ children }: { children: ReactNode }) {
  const me = useMe();
  if (me.roles.includes("admin")) return children;
  return (
    <Empty icon={<ShieldAlert aria-hidden="true" />} title="The audit log is for the clinic’s admins">
      Your account doesn’t allow this. Nothing was read.
    </Empty>
  );
}
