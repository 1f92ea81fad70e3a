"use client";

import { Mic, MicOff, Video, VideoOff } from "lucide-react";
import { useMediaView } from "@/components/call/views.ts";
import { Button } from "@/components/ui/button.tsx";
import type { Media } from "@/lib/call/media.browser.ts";
import { LevelMeter } from "./level-meter.tsx";
import { SelfView } from "./self-view.tsx";

/** What the others will see; still nobody does. */
export function Mirror({ media }: { media: Media }) {
  const view = useMediaView(media);
  const cameraOn = view.camera.is === "on";
  const hears = view.microphone.is === "on";
  const control = "min-h-control-calm gap-2 px-4 text-calm-small shadow-pop [&>svg]:size-[1.15em]";
  const switchSound = () => (hears ? media.mute(!view.muted) : void media.start({ camera: false }));
  return (
    <div className="grid content-start gap-3">
      <SelfView stream={view.preview} className="sm:w-full">
        <div className="absolute inset-x-0 bottom-0 flex flex-wrap justify-center gap-2 p-3">
          <Button variant="secondary" className={control} busy={view.microphone.is === "asking"} onClick={switchSound}>
            {hears && !view.muted ? <Mic aria-hidden="true" /> : <MicOff aria-hidden="true" />}
            {hears ? (view.muted ? "Unmute" : "Mute") : "Microphone on"}
          </Button>
          <Button
            variant="secondary"
            className={control}
            busy={view.camera.is === "asking"}
            onClick={() => void media.camera(!cameraOn)}
          >
            {cameraOn ? <Video aria-hidden="true" /> : <VideoOff aria-hidden="true" />}
            {cameraOn ? "Camera off" : "Camera on"}
          </Button>
        </div>
      </SelfView>
      {(view.camera.is === "trouble" || view.microphone.is === "trouble") && (
        <p role="status" className="text-calm-small text-muted-foreground">
          {view.camera.is === "trouble"
            ? "The camera didn’t start. Your browser may be told not to use it."
            : "The microphone didn’t start. Your browser may be told not to use it."}
        </p>
      )}
      {hears && !view.muted && (
        <div className="text-calm-small">
          <LevelMeter media={media} />
        </div>
      )}
    </div>
  );
}
