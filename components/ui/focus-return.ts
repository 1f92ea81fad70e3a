import { type RefObject, useEffect, useRef } from "react";

/** For a dialog without a trigger: the focus goes back to what had it when the dialog opened. */
export function useFocusReturn() {
  const before = useRef<Element | null>(null);
  return {
    onOpenAutoFocus: () => {
      before.current = document.activeElement;
    },
    onCloseAutoFocus: (event: Event) => {
      const back = before.current;
      if (!(back instanceof HTMLElement) || !back.isConnected || back === document.body) return;
      event.preventDefault();
      back.focus();
    },
  };
}

/** Gives the focus to `ref` when the control that had it went away with this change. */
export function useFocusKept(ref: RefObject<HTMLElement | null>, change: unknown): void {
  const before = useRef(change);
  useEffect(() => {
    if (before.current === change) return;
    before.current = change;
    if (document.activeElement === document.body) ref.current?.focus({ preventScroll: true });
  }, [ref, change]);
}
