"use client";

import { useEffect } from "react";

/** A phone on the table does not go dark while people talk. */
export function useAwake(live: boolean): void {
  useEffect(() => {
    if (!live || !("wakeLock" in navigator)) return;
    let lock: WakeLockSentinel | undefined;
    let gone = false;
    const take = () => {
      if (document.visibilityState !== "visible") return;
      navigator.wakeLock.request("screen").then(
        (taken) => {
          lock = taken;
          if (gone) void taken.release();
        },
        () => {},
      );
    };
    take();
    document.addEventListener("visibilitychange", take);
    return () => {
      gone = true;
      document.removeEventListener("visibilitychange", take);
      void lock?.release().catch(() => {});
    };
  }, [live]);
}

/**
 * How much of the window a keyboard on the screen leaves, in pixels, where the browser lays it over the page instead of
 * making the page smaller (Safari on phones); undefined otherwise.
 */
export function useKeyboardHeight(use: (height: number | undefined) => void): void {
  useEffect(() => {
    const seen = window.visualViewport;
    if (!seen) return;
    const look = () => {
      const covered = window.innerHeight - seen.height * seen.scale;
      use(covered > 120 ? seen.height : undefined);
      if (covered > 120) window.scrollTo(0, 0);
    };
    seen.addEventListener("resize", look);
    return () => seen.removeEventListener("resize", look);
  }, [use]);
}
