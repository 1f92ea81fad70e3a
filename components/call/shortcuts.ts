"use client";

import { useEffect, useRef, useSyncExternalStore } from "react";

export interface Shortcut {
  key: string;
  /** What it does, as a verb. */
  word: string;
  run: () => void;
}

/** Single keys disturb who speaks to the computer or types by accident, so a person can turn them off; see WCAG 2.1.4. */
const KEPT = "assent-shortcuts";
const listeners = new Set<() => void>();
const allowed = () => localStorage.getItem(KEPT) !== "off";
export function allowShortcuts(on: boolean): void {
  if (on) localStorage.removeItem(KEPT);
  else localStorage.setItem(KEPT, "off");
  for (const listener of [...listeners]) listener();
}
export const useShortcutsAllowed = (): boolean =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    allowed,
    () => true,
  );

/** Listens for single keys while nobody writes, and no question or menu is open. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const newest = useRef(shortcuts);
  newest.current = shortcuts;
  const on = useShortcutsAllowed();
  useEffect(() => {
    if (!on) return;
    const hear = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented) return;
      const { target } = event;
      const writes =
        target instanceof HTMLElement &&
        (target.isContentEditable || target.matches("input, textarea, select, [role=tab], [role=slider]"));
      if (writes || document.querySelector("[role=menu], [role=dialog], [role=alertdialog]")) return;
      const found = newest.current.find((one) => one.key === event.key.toLowerCase());
      if (!found) return;
      event.preventDefault();
      found.run();
    };
    window.addEventListener("keydown", hear);
    return () => window.removeEventListener("keydown", hear);
  }, [on]);
}
