"use client";

import { useEffect } from "react";
import { askRings, onLocked } from "@/lib/keyring/ring.browser.ts";

/** While this part of the screen is there the rings stay open: somebody waits or speaks, and touches nothing. */
export function useStayOpen(): void {
  useEffect(() => {
    const stay = (yes: boolean) => void askRings((rings) => rings.stayOpen(yes)).catch(() => {});
    stay(true);
    return () => stay(false);
  }, []);
}

/** Told when a ring was closed because nobody used it. */
export function useLocked(then: () => void): void {
  useEffect(() => onLocked(then), [then]);
}
