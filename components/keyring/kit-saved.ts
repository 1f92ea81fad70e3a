"use client";

import { useSyncExternalStore } from "react";

/** Whether this device's recovery kit was saved and checked once. A note on this device; the kit itself is nowhere. */
const KEY = "assent-kit-saved";
const listeners = new Set<() => void>();
let savedNow = false;

function isSaved(): boolean {
  if (savedNow) return true;
  try {
    return localStorage.getItem(KEY) !== null;
  } catch {
    return false; // a browser that keeps nothing asks again next time
  }
}

export function noteSaved(): void {
  savedNow = true;
  try {
    localStorage.setItem(KEY, new Date().toISOString());
  } catch {
    // see above
  }
  for (const listener of [...listeners]) listener();
}

export const useKitSaved = (): boolean =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    isSaved,
    () => false,
  );
