"use client";

import { Download } from "lucide-react";
import { useState } from "react";
import { Alert } from "@/components/ui/alert.tsx";
import { Button } from "@/components/ui/button.tsx";
import { wordsFor } from "@/lib/strings/apart.ts";

/** What makes the file is fetched when it is asked for: nobody's way to the picture carries it. */
export const loadTaking = () => import("./take-evidence.ts");

/** Saves one file by which anybody can check the visit without the practice. */
export function DownloadEvidence({ take, calm = false }: { take: () => Promise<void>; calm?: boolean }) {
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>();
  const download = async () => {
    setBusy(true);
    setFault(undefined);
    await take().catch(setFault);
    setBusy(false);
  };
  return (
    <>
      <Button variant="outline" size={calm ? "calm" : "default"} busy={busy} onClick={download}>
        {busy ? null : <Download aria-hidden="true" />}
        Download evidence
      </Button>
      {fault ? (
        <Alert tone="warning" role="alert" calm={calm} className="mt-3 basis-full" title="The evidence was not saved">
          {wordsFor(fault)}
        </Alert>
      ) : null}
    </>
  );
}
