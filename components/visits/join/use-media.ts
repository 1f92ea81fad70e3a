"use client";

import { useCallback, useEffect, useState } from "react";
import { type Media, openMedia } from "@/lib/call/media.browser.ts";
import { devicesOn, keepDevicesOn } from "./kept-here.ts";

/**
 * Camera and microphone of this page, from the check to the end of the call. Nothing is asked of the browser before a tap;
 * after a reload what was on comes back on, and what was off stays off.
 */
export function usePageMedia(returning: boolean): { media: Media | undefined; putAway: () => void } {
  const [media, setMedia] = useState<Media>();
  const [round, setRound] = useState(0);
  useEffect(() => {
    void round;
    const life = new AbortController();
    const opened = openMedia({ signal: life.signal });
    setMedia(opened);
    return () => {
      life.abort();
      setMedia(undefined);
    };
  }, [round]);
  useEffect(() => {
    if (!media || !returning) return;
    const { camera, microphone, muted } = devicesOn();
    if (muted) media.mute(true);
    if (camera || microphone) void media.start({ camera, microphone });
  }, [media, returning]);
  useEffect(() => {
    if (!media) return;
    return media.subscribe(() => {
      const { camera, microphone, muted } = media.getSnapshot();
      if (camera.is === "asking" || microphone.is === "asking") return;
      if (camera.is === "off" && microphone.is === "off") return;
      keepDevicesOn({ camera: camera.is === "on", microphone: microphone.is === "on", muted });
    });
  }, [media]);
  /** Switches everything off for good; what is opened anew asks again. */
  const putAway = useCallback(() => {
    keepDevicesOn({ camera: false, microphone: false, muted: false });
    setRound((before) => before + 1);
  }, []);
  return { media, putAway };
}
