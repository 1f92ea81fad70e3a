"use client";

import { Video, VideoOff } from "lucide-react";
import { MirrorVideo } from "@/components/call/video.tsx";
import { useMediaView } from "@/components/call/views.ts";
import { Button } from "@/components/ui/button";
import type { Media } from "@/lib/call/media.browser.ts";

/** A camera that is on is shown to be on, with a way to switch it off. */
export function ReadyNote({ media }: { media: Media }) {
  const { camera, microphone, preview } = useMediaView(media);
  if (camera.is !== "on" && microphone.is !== "on" && camera.is !== "off") return null;
  const on = camera.is === "on";
  return (
    <div className="mt-3 flex flex-wrap items-center gap-x-3 gap-y-2 text-table text-muted-foreground">
      <span className="relative grid h-12 w-16 shrink-0 place-items-center overflow-hidden rounded-md bg-stage text-stage-muted">
        {preview ? <MirrorVideo stream={preview} /> : <VideoOff aria-hidden="true" className="size-5" />}
      </span>
      <p className="min-w-0 grow basis-[14rem]">
        {on
          ? "Your camera and microphone are on, so that Admit connects at once. Nobody sees or hears you yet."
          : "Your microphone is ready. Nobody hears you yet."}
      </p>
      <Button variant="ghost" onClick={() => void media.camera(!on)}>
        {on ? <VideoOff aria-hidden="true" /> : <Video aria-hidden="true" />}
        {on ? "Camera off" : "Camera on"}
      </Button>
    </div>
  );
}
