"use client";

import { useEffect } from "react";
import { bring } from "@/components/ui/bring.ts";
import { toast } from "@/components/ui/toaster.tsx";
import { wordsFor } from "@/lib/strings/en.ts";

/** Goes on with files that this page was sending when it was closed or reloaded, once people see each other. */
export function useFilesLeft(
  visitId: string,
  settled: boolean,
  recordFilesLeft: (onFound: (name: string) => void) => Promise<void>,
): void {
  useEffect(() => {
    if (!settled) return;
    const life = new AbortController();
    let name: string | undefined;
    const goOn = async () => {
      const { parcelsLeft } = await bring(() => import("@/lib/records/parcels.browser.ts"), life.signal);
      if ((await parcelsLeft(visitId)).length === 0) return;
      await recordFilesLeft((found) => {
        name = found;
        toast(`“${found}” was still on its way when this page was opened anew. It goes on.`);
      });
    };
    goOn().catch((fault) => life.signal.aborted || (name && toast(`“${name}” was not kept. ${wordsFor(fault)}`)));
    return () => life.abort();
  }, [visitId, settled, recordFilesLeft]);
}
