"use client";

import { ShieldAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Empty } from "@/components/ui/empty";
import { useMe } from "./staff.tsx";

/** The server refuses everyone else; this says so without asking it. `what` with its verb: "The audit log is". */
export function AdminsOnly({ what, children }: { what: string; children: ReactNode }) {
  const me = useMe();
  if (me.roles.includes("admin")) return children;
  return (
    <Empty icon={<ShieldAlert aria-hidden="true" />} title={`${what} for the clinic’s admins`}>
      Your account doesn’t allow this. Nothing was read.
    </Empty>
  );
}
