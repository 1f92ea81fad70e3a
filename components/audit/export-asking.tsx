"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { figure } from "@/components/ui/text.ts";
import { Textarea } from "@/components/ui/textarea";
import { type ExportAsked, WITHOUT_APPROVAL } from "@/lib/audit/export.ts";
import { APPROVED_FOR, askExport, ExportReason, SETTLED_AFTER } from "@/lib/audit/export-request.ts";
import { wordsFor } from "@/lib/strings/apart.ts";
import { ask } from "@/lib/wire.ts";
import { useExportCount } from "./export-requests.tsx";
import { reasons } from "./export-words.ts";

const LIMIT = `Files of more than ${figure(WITHOUT_APPROVAL.lines)} lines, or ${WITHOUT_APPROVAL.sessions} sessions of evidence, leave the practice only when a second admin agrees.`;

/** An export that is too much for one admin: another is asked, where there is another. */
export function AskForExport({ asked, onAsked }: { asked: ExportAsked; onAsked: () => void }) {
  const queries = useQueryClient();
  const others = useExportCount().data?.others;
  const [reason, setReason] = useState<ExportReason | "">("");
  const [note, setNote] = useState("");
  const request = useMutation({
    mutationFn: (why: ExportReason) => ask(askExport, { ...asked, reason: why, note: note.trim() || null }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["audit", "export-count"] });
      onAsked();
    },
  });
  if (others === 0)
    return (
      <Alert tone="info" title="This needs a second admin, and you are the only one">
        {LIMIT} Invite somebody as an admin under{" "}
        <Link href="/admin/people" className="font-semibold underline underline-offset-4">
          People
        </Link>
        , who can approve {SETTLED_AFTER} days later, or choose fewer days or one doctor, and export in smaller parts.
      </Alert>
    );
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (reason !== "") request.mutate(reason);
      }}
    >
      <Alert tone="info" title="This needs a second admin">
        {LIMIT} Say what it is for. Once somebody approves, you can download exactly this for {APPROVED_FOR} hours.
      </Alert>
      <Field label="What it is for">
        <Select value={reason} onChange={(event) => setReason(event.target.value as ExportReason)}>
          <option value="" disabled>
            Choose
          </option>
          {ExportReason.options.map((one) => (
            <option key={one} value={one}>
              {reasons[one]}
            </option>
          ))}
        </Select>
      </Field>
      <Field label="For the other admin" optional hint="No patient’s name, please. It stays off the log.">
        <Textarea maxLength={500} value={note} onChange={(event) => setNote(event.target.value)} />
      </Field>
      {request.isError ? <Alert tone="warning" role="alert" title={wordsFor(request.error)} /> : null}
      <div>
        <Button type="submit" className="min-h-11" disabled={reason === ""} busy={request.isPending}>
          Ask a second admin
        </Button>
      </div>
    </form>
  );
}
