"use client";

import { useEffect, useRef, useState } from "react";
import type { PanelName } from "./panels.ts";

/** Which panel stands beside the picture, and where the focus goes back to. `wanted` opens by itself, and goes with its reason. */
export function usePanel(wanted: PanelName | null) {
  const [panel, setPanel] = useState<PanelName | null>(wanted);
  const asked = useRef(wanted);
  useEffect(() => {
    const before = asked.current;
    asked.current = wanted;
    setPanel((open) => wanted ?? (open !== null && open === before ? null : open));
  }, [wanted]);

  // On a phone the row of controls is hidden while a panel is open, so the panel cannot give the focus back by itself.
  const opener = useRef<Element | null>(null);
  useEffect(() => {
    if (panel) return;
    const back = opener.current;
    opener.current = null;
    if (back instanceof HTMLElement && document.activeElement === document.body) back.focus();
  }, [panel]);

  // Escape closes the panel also after the control that had the focus went away.
  useEffect(() => {
    if (!panel) return;
    const onEscape = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      if (!document.querySelector("[role=menu], [role=dialog], [role=alertdialog]")) setPanel(null);
    };
    window.addEventListener("keydown", onEscape);
    return () => window.removeEventListener("keydown", onEscape);
  }, [panel]);

  const close = () => setPanel(null);
  const show = (next: PanelName) => {
    opener.current ??= document.activeElement;
    setPanel(next);
  };
  return { panel, show, close, setPanel, toggle: (next: PanelName) => (panel === next ? close() : show(next)) };
}
