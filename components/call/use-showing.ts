"use client";

import type { RefObject } from "react";
import { toast } from "@/components/ui/toaster.tsx";
import type { Media, MediaView, Shared } from "@/lib/call/media.browser.ts";

const notShared = {
  declined: "Your screen is not shared: no window was chosen, or this device doesn’t allow it.",
  unsupported: "This browser can’t share a screen.",
  failed: "Sharing your screen didn’t start. Please try again.",
} as const satisfies Partial<Record<Shared, string>>;

/** What is shown elsewhere than in the room at `root`: one's own screen to the others, the room on the whole screen, the picture in a window of its own. */
export function useShowing(root: RefObject<HTMLElement | null>, media: Media, own: MediaView) {
  return {
    async share(): Promise<void> {
      if (own.sharing) return media.stopSharing();
      const outcome = await media.share();
      if (outcome !== "shared" && root.current) toast(notShared[outcome]);
    },
    fullScreen(): void {
      const turned = document.fullscreenElement ? document.exitFullscreen() : root.current?.requestFullscreen?.();
      turned?.catch(() => {});
    },
    smallWindow(): void {
      if (document.pictureInPictureElement) return void document.exitPictureInPicture().catch(() => {});
      const video = root.current?.querySelector<HTMLVideoElement>("video[data-remote]");
      video?.requestPictureInPicture?.().catch(() => toast("The small window did not open. Please try again."));
    },
  };
}
