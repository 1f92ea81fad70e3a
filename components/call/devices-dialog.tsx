"use client";

import { useSyncExternalStore } from "react";
import { Alert } from "@/components/ui/alert.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogClose, DialogContent } from "@/components/ui/dialog.tsx";
import { LOUDEST } from "@/lib/call/boost.browser.ts";
import type { Media, MediaView, Trouble } from "@/lib/call/media.browser.ts";
import { DeviceChoice, type DeviceKind } from "./device-choice.tsx";

/** What is wrong with a camera or microphone, and what helps. */
const troubles: Record<Trouble, (what: string) => string> = {
  refused: (what) => `This browser may not use the ${what}. Allow it in the address bar, then try again.`,
  none: (what) => `No ${what} was found. Plug one in, then try again.`,
  busy: (what) => `The ${what} is used by another program, or was unplugged. Close that program, then try again.`,
  unsupported: (what) => `This browser cannot use a ${what} here.`,
  broke: (what) => `The ${what} did not start. Try again, or choose another.`,
};

/** Which camera, microphone and speaker; and whether one is heard. */
export function DevicesDialog({
  media,
  own,
  voices,
  open,
  onOpen,
}: {
  media: Media;
  own: MediaView;
  voices: readonly Voice[];
  open: boolean;
  onOpen: (open: boolean) => void;
}) {
  return (
    <Dialog open={open} onOpenChange={onOpen}>
      <DialogContent title="Camera and sound" description="What you choose is used at once.">
        <Choose media={media} own={own} kind="camera" />
        <Choose media={media} own={own} kind="microphone" />
        <Level media={media} />
        <Choose media={media} own={own} kind="speaker" />
        {voices.map((voice) => (
          <Volume key={voice.name} {...voice} />
        ))}
        <DialogClose asChild>
          <Button className="min-h-11 justify-self-end">Done</Button>
        </DialogClose>
      </DialogContent>
    </Dialog>
  );
}

interface Voice {
  name: string;
  /** From 0 to `LOUDEST`; 1 is as loud as they are. */
  volume: number;
  onVolume: (volume: number) => void;
}

/** How loud the other is here; nobody else hears a difference. */
function Volume({ name, volume, onVolume }: Voice) {
  const percent = Math.round(volume * 100);
  return (
    <label className="grid gap-1.5">
      <span className="flex items-baseline justify-between gap-4">
        <span className="font-semibold">How loud {name} is here</span>
        <span className="figures text-muted-foreground">{percent} %</span>
      </span>
      <input
        type="range"
        min={0}
        max={LOUDEST * 100}
        step={10}
        value={percent}
        aria-valuetext={`${percent} percent`}
        className="h-11 w-full cursor-pointer accent-primary"
        onChange={(event) => onVolume(Number(event.target.value) / 100)}
      />
    </label>
  );
}

/** The list, and above it why this device does not work, if it does not. */
function Choose({ media, own, kind }: { media: Media; own: MediaView; kind: DeviceKind }) {
  const source = kind === "speaker" ? undefined : own[kind];
  return (
    <DeviceChoice media={media} own={own} kind={kind} className="min-h-12">
      {source?.is === "trouble" ? (
        <Alert tone="warning" title={troubles[source.why](kind)}>
          <Button
            variant="outline"
            className="mt-2"
            onClick={() => void media.start({ camera: kind === "camera", microphone: kind === "microphone" })}
          >
            Try again
          </Button>
        </Alert>
      ) : null}
    </DeviceChoice>
  );
}

/** Moves when the microphone hears something. */
function Level({ media }: { media: Media }) {
  const level = useSyncExternalStore(media.level.subscribe, media.level.getSnapshot, () => 0);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a native meter cannot be drawn alike in all browsers
    <div
      role="meter"
      aria-label="How loud you are"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(level * 100)}
      className="h-2 overflow-hidden rounded-full bg-border"
    >
      <div className="h-full origin-left bg-primary" style={{ transform: `scaleX(${level})` }} />
    </div>
  );
}
