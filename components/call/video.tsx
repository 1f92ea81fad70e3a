"use client";

import { type RefObject, useEffect, useRef, useState } from "react";
import { cn } from "@/components/ui/cn.ts";
import { boost } from "@/lib/call/boost.browser.ts";

/** Someone else: sound and picture. A browser that plays nothing before a tap is asked for one. */
export function RemoteVideo({
  stream,
  name,
  whole,
  hidden,
  speaker,
  volume,
}: {
  stream: MediaStream | null;
  name: string;
  whole: boolean;
  hidden: boolean;
  speaker: string;
  /** From 0 to 2; 1 is as loud as they are. */
  volume: number;
}) {
  const video = useRef<HTMLVideoElement>(null);
  /** What a tap is needed for: the sound there never was, or what was taken away in between. */
  const [silent, setSilent] = useState<"Turn on sound" | "Tap to resume" | null>(null);
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    if (element.srcObject !== stream) element.srcObject = stream;
    if (!stream) return;
    const life = new AbortController();
    const { signal } = life;
    let played = false;
    const play = () =>
      element.play().then(
        () => {
          played = true;
          if (!signal.aborted) setSilent(null);
        },
        (error: unknown) => {
          if (signal.aborted || (error as Error).name !== "NotAllowedError") return;
          setSilent(played ? "Tap to resume" : "Turn on sound");
        },
      );
    // A phone call, or another app's sound, pauses it; some browsers go on only after a tap.
    const resume = () => document.visibilityState === "visible" && element.paused && void play();
    element.addEventListener("pause", resume, { signal });
    document.addEventListener("visibilitychange", resume, { signal });
    void play();
    return () => life.abort();
  }, [stream]);
  useEffect(() => {
    const element = video.current as (HTMLVideoElement & { setSinkId?: (id: string) => Promise<void> }) | null;
    void element?.setSinkId?.(speaker).catch(() => {});
  }, [speaker]);
  useVolume(video, stream, volume, speaker);
  return (
    <>
      {/* biome-ignore lint/a11y/useMediaCaption: people talking live; captions, where there are any, stand below */}
      <video
        ref={video}
        data-remote
        autoPlay
        playsInline
        aria-label={name}
        className={cn("absolute inset-0 size-full", whole ? "object-contain" : "object-cover", hidden && "invisible")}
      />
      {silent ? (
        <button
          type="button"
          className="absolute top-1/2 left-1/2 z-20 min-h-control-calm -translate-x-1/2 -translate-y-1/2 cursor-pointer rounded-lg bg-stage-foreground px-6 text-calm font-semibold text-stage"
          onClick={() =>
            void video.current?.play().then(
              () => setSilent(null),
              () => {},
            )
          }
        >
          {silent}
        </button>
      ) : null}
    </>
  );
}

/** Up to 1 the element's own volume; above it the sound goes another way and the element is quiet. */
function useVolume(
  video: RefObject<HTMLVideoElement | null>,
  stream: MediaStream | null,
  volume: number,
  speaker: string,
): void {
  const louder = volume > 1;
  const boosted = useRef<{ set: (volume: number) => void }>(undefined);
  useEffect(() => {
    if (!louder || !stream || stream.getAudioTracks().length === 0) return;
    const element = video.current;
    const life = new AbortController();
    boosted.current = boost(stream, { speaker, signal: life.signal });
    if (element) element.muted = true;
    return () => {
      life.abort();
      boosted.current = undefined;
      if (element) element.muted = false;
    };
  }, [louder, stream, speaker, video]);
  useEffect(() => {
    boosted.current?.set(volume);
    if (video.current) video.current.volume = Math.min(1, volume);
  }, [volume, video]);
}

/** Yourself, as in a mirror. */
export function MirrorVideo({ stream }: { stream: MediaStream }) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    if (element.srcObject !== stream) element.srcObject = stream;
    // A mirror that goes with its stream in it can stop the camera for seconds (docs/decisions/0013).
    return () => {
      element.srcObject = null;
    };
  }, [stream]);
  return (
    <video
      ref={video}
      data-self
      autoPlay
      muted
      playsInline
      aria-label="Your own picture"
      className="absolute inset-0 size-full -scale-x-100 object-cover"
    />
  );
}

/** The small picture of oneself in the room. */
export function OwnVideo({ stream, blurring }: { stream: MediaStream | null; blurring: boolean }) {
  return stream ? (
    <MirrorVideo stream={stream} />
  ) : (
    <span className="absolute inset-0 grid place-items-center bg-stage-control px-2 pb-6 text-center text-small text-stage-muted">
      {blurring ? "Blurring your background" : "Your camera is off"}
    </span>
  );
}
