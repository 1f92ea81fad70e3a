"use client";

import { type ReactNode, useEffect, useState } from "react";
import { createPortal } from "react-dom";

/** What goes on paper instead of the screen while this is there: ink on white in any theme. Then call `window.print()`. */
export function PrintPage({ children }: { children: ReactNode }) {
  const [there, isThere] = useState(false);
  useEffect(() => isThere(true), []);
  if (!there) return null;
  return createPortal(
    <div className="print-page" aria-hidden="true">
      {children}
    </div>,
    document.body,
  );
}

/** Prints once the page for the printer is in the document. Answers with what takes that back. */
export function printWhenThere(): () => void {
  let frame = 0;
  const look = () => {
    if (document.querySelector(".print-page")) window.print();
    else frame = requestAnimationFrame(look);
  };
  look();
  return () => cancelAnimationFrame(frame);
}
