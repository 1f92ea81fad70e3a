"use client";

import { CircleCheck, MicOff, Settings2, SwitchCamera, Video, VideoOff } from "lucide-react";
import { useState } from "react";
import { DeviceChoice, deviceKinds } from "@/components/call/device-choice.tsx";
import { useMediaView } from "@/components/call/views.ts";
import { Button } from "@/components/ui/button.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { fetched } from "@/components/ui/fetched.tsx";
import type { Media, MediaView } from "@/lib/call/media.browser.ts";
import { appAround } from "./browsers.ts";
import { LevelMeter } from "./level-meter.tsx";
import { LineCheck } from "./line-check.tsx";
import { SelfView } from "./self-view.tsx";
import { HeardQuestion, PlayButton, useSpeakerTest } from "./speaker-test.tsx";
import { TroubleCard } from "./trouble-card.tsx";
import { helpFor, helpInside } from "./trouble-steps.ts";
import { useRefusedBy } from "./use-refused-by.ts";

const Qr = fetched(() => import("@/components/ui/qr.tsx").then((file) => file.Qr));

/** Will the doctor see and hear me? Asks the browser only after a tap, and what is missing never blocks the way. */
export function DeviceCheck({ media, doctor, phoneLink }: { media: Media; doctor: string; phoneLink: string }) {
  const view = useMediaView(media);
  const { camera, microphone } = view;
  const asking = camera.is === "asking" || microphone.is === "asking";
  const start = () => void media.start();
  const app = appAround(navigator.userAgent);
  const refused = (of: MediaView["camera"]) => of.is === "trouble" && of.why === "refused";
  const by = {
    camera: useRefusedBy(refused(camera), "camera"),
    microphone: useRefusedBy(refused(microphone), "microphone"),
  };

  const untried = camera.is === "off" && microphone.is === "off";
  const gotNothing = camera.is === "trouble" && microphone.is !== "on";
  if (app && (untried || gotNothing)) {
    return (
      <TroubleCard help={helpInside(app)} again="Try it here" busy={asking} onAgain={start}>
        <CopyButton text={phoneLink} label="Copy the link" done="Link copied" size="calm" className="w-full" />
        {gotNothing ? <p role="status">This app gave no camera. Without one, the doctor doesn’t see you.</p> : null}
      </TroubleCard>
    );
  }

  if (camera.is === "trouble" || (microphone.is === "trouble" && camera.is !== "on")) {
    const [what, why] =
      camera.is === "trouble"
        ? (["camera", camera.why] as const)
        : (["microphone", microphone.is === "trouble" ? microphone.why : "broke"] as const);
    return (
      <TroubleCard help={helpFor(what, why, navigator.userAgent, by[what])} busy={asking} onAgain={start}>
        {why === "none" && what === "camera" && (
          <div className="hidden flex-wrap items-center gap-4 lg:flex">
            <Qr text={phoneLink} label="The link of this visit, for a phone" className="size-32" />
            <p className="grow basis-[11rem]">
              <strong className="font-semibold">Or use your phone.</strong> Point its camera here and go on there. Then
              you can close this page.
            </p>
          </div>
        )}
        {microphone.is === "on" ? (
          <LevelMeter media={media} />
        ) : (
          microphone.is === "trouble" &&
          microphone.why === "refused" &&
          why === "refused" &&
          by.camera === "site" && (
            <p className="flex items-start gap-3">
              <MicOff aria-hidden="true" className="size-6 shrink-0 text-muted-foreground" />
              <span>The microphone is blocked in the same place. Allow both.</span>
            </p>
          )
        )}
        <p className="flex items-start gap-3">
          <VideoOff aria-hidden="true" className="size-6 shrink-0 text-muted-foreground" />
          <span>
            <strong className="font-semibold">Or go on without a camera.</strong> Choose Continue:{" "}
            {microphone.is === "on"
              ? `${doctor} hears you, and you see ${doctor}.`
              : `you see and hear ${doctor}, and can write in the chat.`}
          </span>
        </p>
      </TroubleCard>
    );
  }

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

function NoMicrophone({ view, asking, onAgain }: { view: MediaView; asking: boolean; onAgain: () => void }) {
  const why = view.microphone.is === "trouble" ? view.microphone.why : "broke";
  const help = helpFor("microphone", why, navigator.userAgent);
  return (
    <div className="grid gap-3">
      <div role="status" className="flex gap-3">
        <MicOff aria-hidden="true" className="size-6 shrink-0 text-warning" />
        <p>
          <strong className="font-semibold">{help.title}.</strong> {help.steps[0]} You can go on; the doctor sees you.
        </p>
      </div>
      <Button variant="outline" size="calm" busy={asking} onClick={onAgain}>
        Try again
      </Button>
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
