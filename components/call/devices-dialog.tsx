"use client";

import { useId, useSyncExternalStore } from "react";
import { Alert } from "@/components/ui/alert.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogClose, DialogContent } from "@/components/ui/dialog.tsx";
import type { Media, MediaView, SourceState, Trouble } from "@/lib/call/media.browser.ts";

/** What is wrong with a camera or microphone, and what helps. */
export const troubles: Record<Trouble, (what: string) => string> = {
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
  open,
  onOpen,
}: {
  media: Media;
  own: MediaView;
  open: boolean;
  onOpen: (open: boolean) => void;
}) {
  return (
    <Dialog open={open} onOpenChange={onOpen}>
      <DialogContent title="Camera and sound" description="What you choose is used at once.">
        <Choose media={media} own={own} kind="camera" word="Camera" state={own.camera} />
        <Choose media={media} own={own} kind="microphone" word="Microphone" state={own.microphone} />
        <Level media={media} />
        <Choose media={media} own={own} kind="speaker" word="Speaker" />
        <DialogClose asChild>
          <Button className="min-h-11 justify-self-end">Done</Button>
        </DialogClose>
      </DialogContent>
    </Dialog>
  );
}

function Choose({
  media,
  own,
  kind,
  word,
  state,
}: {
  media: Media;
  own: MediaView;
  kind: "camera" | "microphone" | "speaker";
  word: string;
  state?: SourceState;
}) {
  const id = useId();
  const choices = own.devices.filter((one) => one.kind === kind);
  const chosen = state?.is === "on" ? state.device : kind === "speaker" ? own.speaker : "";
  const trouble = state?.is === "trouble" ? troubles[state.why](word.toLowerCase()) : undefined;
  if (choices.length === 0 && !trouble) return null;
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="font-semibold">
        {word}
      </label>
      {trouble ? (
        <Alert tone="warning" title={trouble}>
          <Button
            variant="outline"
            className="mt-2"
            onClick={() => void media.start({ camera: kind === "camera", microphone: kind === "microphone" })}
          >
            Try again
          </Button>
        </Alert>
      ) : null}
      <select
        id={id}
        value={chosen}
        onChange={(event) => void media.use(kind, event.target.value)}
        className="min-h-12 w-full min-w-0 rounded-md border border-input bg-card px-3 text-body"
      >
        {choices.some((one) => one.id === chosen) ? null : <option value={chosen}>The usual one</option>}
        {choices.map((one) => (
          <option key={one.id} value={one.id}>
            {one.label}
          </option>
        ))}
      </select>
    </div>
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
