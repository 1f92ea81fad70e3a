"use client";

import { ArrowLeft } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { AdminsOnly } from "@/components/auth/admins-only.tsx";
import { StaffShell } from "@/components/auth/staff-shell";

/** A page behind the audit log, with the way back to it. */
export function AuditPage({ children }: { children: ReactNode }) {
  return (
    <StaffShell current="audit" wide>
      <AdminsOnly what="The audit log is">
        <nav aria-label="Breadcrumb" className="text-table">
          <Link
            href="/admin/audit"
            className="inline-flex min-h-9 items-center gap-1.5 text-muted-foreground hover:text-foreground"
          >
            <ArrowLeft aria-hidden="true" className="size-4" />
            Audit log
          </Link>
        </nav>
        {children}
      </AdminsOnly>
    </StaffShell>
  );
}
