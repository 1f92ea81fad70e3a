"use client";

import { CircleCheck, Settings2, SwitchCamera, Video } from "lucide-react";
import { useState } from "react";
import { DeviceChoice, deviceKinds } from "@/components/call/device-choice.tsx";
import { useMediaView } from "@/components/call/views.ts";
import { Button } from "@/components/ui/button.tsx";
import { fetched } from "@/components/ui/fetched.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import type { Media, MediaView } from "@/lib/call/media.browser.ts";
import { appAround } from "./browsers.ts";
import { LevelMeter } from "./level-meter.tsx";
import { LineCheck } from "./line-check.tsx";
import { SelfView } from "./self-view.tsx";
import { HeardQuestion, PlayButton, useSpeakerTest } from "./speaker-test.tsx";

const NoPicture = () => <Skeleton className="aspect-[4/3] w-full rounded-xl" />;
const DeviceTrouble = fetched(() => import("./device-trouble.tsx").then((file) => file.DeviceTrouble), NoPicture);
const NoMicrophone = fetched(() => import("./device-trouble.tsx").then((file) => file.NoMicrophone));

/** Will the doctor see and hear me? Asks the browser only after a tap, and what is missing never blocks the way. */
export function DeviceCheck({ media, doctor, phoneLink }: { media: Media; doctor: string; phoneLink: string }) {
  const view = useMediaView(media);
  const { camera, microphone } = view;
  const asking = camera.is === "asking" || microphone.is === "asking";
  const start = () => void media.start();
  const app = appAround(navigator.userAgent);
  const untried = camera.is === "off" && microphone.is === "off";
  const gotNothing = camera.is === "trouble" && microphone.is !== "on";
  const inApp = app && (untried || gotNothing) ? app : null;
  if (inApp || camera.is === "trouble" || (microphone.is === "trouble" && camera.is !== "on"))
    return <DeviceTrouble {...{ media, view, doctor, phoneLink, asking }} app={inApp} onAgain={start} />;

  if (camera.is !== "on") {
    return (
      <div className="grid aspect-[4/3] place-items-center rounded-xl bg-secondary p-[min(1.5rem,5vw)] text-center text-secondary-foreground max-sm:aspect-auto max-sm:min-h-64">
        <div>
          <span className="mx-auto grid size-16 place-items-center rounded-full bg-card text-primary">
            <Video aria-hidden="true" className="size-8" />
          </span>
          <p className="mt-3 font-semibold">Let’s see if the doctor will see and hear you</p>
          <p className="text-calm-small">Your browser will ask. Choose Allow.</p>
          <Button variant="outline" size="calm" className="mt-4" busy={asking} onClick={start}>
            Check camera and microphone
          </Button>
        </div>
      </div>
    );
  }

  return (
    <div>
      <SelfView stream={view.preview}>
        <p className="absolute top-3 left-3 inline-flex items-center gap-2 rounded-full bg-stage/85 px-3 py-1 text-calm-small font-semibold text-stage-foreground">
          <CircleCheck aria-hidden="true" className="size-5 shrink-0 text-[oklch(0.79_0.125_157)]" />
          Only you see this
        </p>
      </SelfView>
      <div className="mt-3 grid gap-2 rounded-xl border bg-card p-4 text-calm-small">
        {microphone.is === "on" ? (
          <LevelMeter media={media} />
        ) : (
          <NoMicrophone view={view} asking={asking} onAgain={start} />
        )}
        <LineCheck />
        <Tools media={media} view={view} />
      </div>
    </div>
  );
}

/** Turn the camera, choose devices, hear a sound. */
function Tools({ media, view }: { media: Media; view: MediaView }) {
  const [open, setOpen] = useState(false);
  const sound = useSpeakerTest(view.speaker);
  const cameras = view.devices.filter((device) => device.kind === "camera");
  const tool = "min-h-control-calm px-2.5 text-calm-small gap-2 [&>svg]:size-[1.15em]";
  return (
    <>
      <div className="-mx-2 flex flex-wrap">
        {cameras.length > 1 && (
          <Button variant="ghost" className={tool} onClick={() => void media.flip()}>
            <SwitchCamera aria-hidden="true" />
            Turn the camera
          </Button>
        )}
        <Button variant="ghost" className={tool} aria-expanded={open} onClick={() => setOpen(!open)}>
          <Settings2 aria-hidden="true" />
          Devices
        </Button>
        <PlayButton test={sound} variant="ghost" className={tool} />
      </div>
      <HeardQuestion test={sound} />
      {open && (
        <div className="grid gap-4 border-t pt-4">
          {deviceKinds.map((kind) => (
            <DeviceChoice key={kind} calm media={media} own={view} kind={kind} />
          ))}
        </div>
      )}
    </>
  );
}
