"use client";

import { CircleCheck, Volume2, VolumeX } from "lucide-react";
import { useState } from "react";
import { Button, type ButtonProps } from "@/components/ui/button.tsx";
import { chime } from "./chime.ts";

export type Heard = "untried" | "playing" | "asked" | "yes" | "no";

/** What helps when nothing was heard. */
export const SPEAKER_HELP =
  "Turn the volume up, and look for a mute switch at the side. A headset or another room’s loudspeaker may be chosen instead.";

/** Three notes, and the question whether they were heard: nobody but the person can tell. */
export function useSpeakerTest(speaker: string) {
  const [heard, setHeard] = useState<Heard>("untried");
  const play = async () => {
    setHeard("playing");
    await chime(speaker).catch(() => {});
    setHeard("asked");
  };
  return { heard, play, answer: (yes: boolean) => setHeard(yes ? "yes" : "no") };
}

export function PlayButton({ test, ...props }: { test: ReturnType<typeof useSpeakerTest> } & ButtonProps) {
  const playing = test.heard === "playing";
  return (
    <Button busy={playing} onClick={() => void test.play()} {...props}>
      {playing ? null : <Volume2 aria-hidden="true" />}
      Hear a test sound
    </Button>
  );
}

/** The question, then what its answer means. */
export function HeardQuestion({ test }: { test: ReturnType<typeof useSpeakerTest> }) {
  const { heard, answer } = test;
  if (heard === "untried" || heard === "playing") return <span role="status" className="sr-only" />;
  const asked = heard === "asked";
  return (
    <div className="grid gap-2">
      <div role="status" className="flex gap-3">
        {asked ? null : heard === "yes" ? (
          <CircleCheck aria-hidden="true" className="size-6 shrink-0 text-success" />
        ) : (
          <VolumeX aria-hidden="true" className="size-6 shrink-0 text-warning" />
        )}
        <p>
          {asked ? (
            <strong className="font-semibold">Did you hear three notes?</strong>
          ) : heard === "yes" ? (
            "You heard the three notes."
          ) : (
            <>
              <strong className="font-semibold">You heard nothing.</strong> {SPEAKER_HELP}
            </>
          )}
        </p>
      </div>
      {asked ? (
        <div className="grid grid-cols-2 gap-2">
          <Button variant="outline" size="calm" className="text-calm-small" onClick={() => answer(false)}>
            No
          </Button>
          <Button variant="outline" size="calm" className="text-calm-small" onClick={() => answer(true)}>
            Yes
          </Button>
        </div>
      ) : null}
    </div>
  );
}
