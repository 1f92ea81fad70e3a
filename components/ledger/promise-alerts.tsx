"use client";

import { fetched } from "@/components/ui/fetched.tsx";
import type { Promises } from "./use-promises.ts";

export type Reader = "patient" | "clinician";

/** Fetched with what looks at the ledger: there is no alarm before that, and at an alarm the line may be gone. */
export const AlarmCards = fetched(() => import("./alarm-cards.tsx").then((file) => file.AlarmCards));

/** What was promised and is not there, and a log that is not what it was. Nothing while all is well. */
export function PromiseAlerts({
  promises,
  reader,
  className,
}: {
  promises: Promises;
  reader: Reader;
  className?: string;
}) {
  if (promises.alarms.length === 0 && !promises.log) return null;
  return (
    <div className={className}>
      <AlarmCards promises={promises} reader={reader} />
    </div>
  );
}
