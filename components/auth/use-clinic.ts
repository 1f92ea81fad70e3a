"use client";

import { useCallback, useEffect, useState } from "react";
import type * as z from "zod/mini";
import { readClinic } from "@/lib/auth/api.ts";
import { ask } from "@/lib/wire.ts";

export type Clinic = z.infer<typeof readClinic.answer>;
type ClinicNow = { is: "asking" } | { is: "known"; clinic: Clinic } | { is: "unreachable"; why: unknown };

/** The clinic as a stranger may know it, for pages outside the staff's part. */
export function useClinic(): [ClinicNow, () => void] {
  const [now, setNow] = useState<ClinicNow>({ is: "asking" });
  const [round, setRound] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round asks again
  useEffect(() => {
    const lifetime = new AbortController();
    ask(readClinic, {}, { signal: lifetime.signal }).then(
      (clinic) => setNow({ is: "known", clinic }),
      (why) => !lifetime.signal.aborted && setNow({ is: "unreachable", why }),
    );
    return () => lifetime.abort();
  }, [round]);
  const again = useCallback(() => {
    setNow({ is: "asking" });
    setRound((n) => n + 1);
  }, []);
  return [now, again];
}
