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

  // On a phone the row of controls is hidden while a panel is open, and some open by themselves: the panel cannot give the
  // focus back by itself. What had it last, before one was open, gets it.
  const last = useRef<EventTarget | null>(null);
  useEffect(() => {
    if (panel) return;
    if (last.current instanceof HTMLElement && document.activeElement === document.body) last.current.focus();
    const remember = ({ target }: FocusEvent) => {
      last.current = target;
    };
    document.addEventListener("focusin", remember);
    return () => document.removeEventListener("focusin", remember);
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
  const show = (next: PanelName) => setPanel(next);
  return { panel, show, close, setPanel, toggle: (next: PanelName) => (panel === next ? close() : show(next)) };
}
