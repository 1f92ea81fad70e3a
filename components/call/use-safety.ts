"use client";

import { type Dispatch, type SetStateAction, useEffect } from "react";
import type { Call, CallView } from "@/lib/call/call-view.browser.ts";
import type { PanelName } from "./panels.ts";

/** The safety check lives as long as its panel, on both sides: whoever opens or closes it does so for both. */
export function useSafety(
  call: Call,
  view: CallView,
  panel: PanelName | null,
  setPanel: Dispatch<SetStateAction<PanelName | null>>,
): void {
  const here = panel === "safety";
  useEffect(() => {
    if (!here) return;
    call.safety.open();
    return () => call.safety.close();
  }, [call, here]);
  const checking = view.safety.is !== "off";
  useEffect(() => {
    setPanel((before) => (checking ? "safety" : before === "safety" ? null : before));
  }, [checking, setPanel]);
}
