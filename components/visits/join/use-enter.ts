"use client";

import { useState } from "react";
import type { Media } from "@/lib/call/media.browser.ts";

/** The one way on from a welcome: whether it is under way, what went wrong, and the press itself. */
export function useEnter(media: Media | undefined, onEnter: () => Promise<void>) {
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>();
  const enter = async () => {
    if (busy) return;
    setBusy(true);
    setFault(undefined);
    try {
      // Who goes straight on means to be seen: this press asks. What is missing is shown first; the next press goes on without.
      if (!media || (await hasAsked(media))) await onEnter();
    } catch (why) {
      setFault(why);
    }
    setBusy(false);
  };
  return { busy, fault, enter };
}

/** Asks for camera and microphone unless that was done; false when there is something to be shown about them. */
async function hasAsked(media: Media): Promise<boolean> {
  const before = media.getSnapshot();
  if (before.camera.is !== "off" || before.microphone.is !== "off") return true;
  await media.start();
  const { camera, microphone } = media.getSnapshot();
  return camera.is !== "trouble" && microphone.is !== "trouble";
}
