"use client";

import { useSyncExternalStore } from "react";

/** Whose kit: a staff member's by their id; the patient's of this browser without one. */
type Whose = string | undefined;

const keyOf = (whose: Whose) => (whose === undefined ? "assent-kit-saved" : `assent-kit-saved:${whose}`);
/** For a browser that keeps nothing: it asks again after a reload. */
const savedNow = new Set<string>();
const listeners = new Set<() => void>();

/** Whether this browser has seen the kit written down or used. A note on this device; the kit itself is nowhere. */
export function kitSaved(whose?: string): boolean {
  if (savedNow.has(keyOf(whose))) return true;
  try {
    return localStorage.getItem(keyOf(whose)) !== null;
  } catch {
    return false;
  }
}

/** Whoever typed the words back has them. */
export function rememberKitSaved(whose?: string): void {
  savedNow.add(keyOf(whose));
  note((notes) => notes.setItem(keyOf(whose), "1"));
}

/** Another seed has come in its place: nobody has written that one down yet. */
export function forgetKitSaved(whose?: string): void {
  savedNow.delete(keyOf(whose));
  note((notes) => notes.removeItem(keyOf(whose)));
}

function note(write: (notes: Storage) => void): void {
  try {
    write(localStorage);
  } catch {
    // a browser that keeps nothing
  }
  for (const listener of [...listeners]) listener();
}

export const useKitSaved = (whose?: string): boolean =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    () => kitSaved(whose),
    () => false,
  );
