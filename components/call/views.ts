"use client";

import { useCallback, useSyncExternalStore } from "react";
import type { Line } from "@/lib/call/line.browser.ts";
import type { Media, MediaView } from "@/lib/call/media.browser.ts";

// Apart from the call itself, so that a page before the call needs nothing of it.

export const useMediaView = (media: Media): MediaView =>
  useSyncExternalStore(media.subscribe, media.getSnapshot, media.getSnapshot);

/** False while the line is known to be down. */
export function useConnected(line: Line | undefined): boolean {
  const subscribe = useCallback((listener: () => void) => line?.connected.subscribe(listener) ?? (() => {}), [line]);
  return useSyncExternalStore(
    subscribe,
    () => line?.connected.getSnapshot() ?? true,
    () => true,
  );
}
