"use client";

import { useEffect, useState } from "react";
import type { RefusedBy } from "./trouble-steps.ts";

/** Who refused the camera or microphone, as far as the browser tells; `site` where it does not. */
export function useRefusedBy(refused: boolean, what: "camera" | "microphone"): RefusedBy {
  const [by, setBy] = useState<RefusedBy>("site");
  useEffect(() => {
    setBy("site");
    if (!refused) return;
    let gone = false;
    const asked = navigator.permissions?.query({ name: what as PermissionName });
    asked?.then(
      ({ state }) => {
        if (!gone) setBy(state === "prompt" ? "nobody" : state === "granted" ? "device" : "site");
      },
      () => {},
    );
    return () => {
      gone = true;
    };
  }, [refused, what]);
  return by;
}
