"use client";

import { MicOff, VideoOff } from "lucide-react";
import { Button } from "@/components/ui/button.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { fetched } from "@/components/ui/fetched.tsx";
import type { Media, MediaView } from "@/lib/call/media.browser.ts";
import { LevelMeter } from "./level-meter.tsx";
import { TroubleCard } from "./trouble-card.tsx";
import { helpFor, helpInside } from "./trouble-steps.ts";
import { useRefusedBy } from "./use-refused-by.ts";

// What only somebody whose camera or microphone fails reads.

const Qr = fetched(() => import("@/components/ui/qr.tsx").then((file) => file.Qr));

interface DeviceTroubleProps {
  media: Media;
  view: MediaView;
  /** The app whose window this is, where nothing came of trying or nothing was tried yet. */
  app: string | null;
  doctor: string;
  phoneLink: string;
  asking: boolean;
  onAgain: () => void;
}

/** In the place of one's own picture: why there is none, what to do, and what works anyway. */
export function DeviceTrouble({ media, view, app, doctor, phoneLink, asking, onAgain }: DeviceTroubleProps) {
  const { camera, microphone } = view;
  const refused = (of: MediaView["camera"]) => of.is === "trouble" && of.why === "refused";
  const by = {
    camera: useRefusedBy(refused(camera), "camera"),
    microphone: useRefusedBy(refused(microphone), "microphone"),
  };

  if (app) {
    return (
      <TroubleCard help={helpInside(app)} again="Try it here" busy={asking} onAgain={onAgain}>
        <CopyButton text={phoneLink} label="Copy the link" done="Link copied" size="calm" className="w-full" />
        {camera.is === "trouble" ? (
          <p role="status">This app gave no camera. Without one, the doctor doesn’t see you.</p>
        ) : null}
      </TroubleCard>
    );
  }

  const [what, why] =
    camera.is === "trouble"
      ? (["camera", camera.why] as const)
      : (["microphone", microphone.is === "trouble" ? microphone.why : "broke"] as const);
  return (
    <TroubleCard help={helpFor(what, why, navigator.userAgent, by[what])} busy={asking} onAgain={onAgain}>
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

export function NoMicrophone({ view, asking, onAgain }: { view: MediaView; asking: boolean; onAgain: () => void }) {
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
