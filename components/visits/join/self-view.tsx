"use client";

import { VideoOff } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { cn } from "@/components/ui/cn.ts";

/** What the person sees of themselves, as in a mirror. */
export function SelfView({
  stream,
  className,
  children,
}: {
  stream: MediaStream | null;
  className?: string;
  children?: ReactNode;
}) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (video.current && video.current.srcObject !== stream) video.current.srcObject = stream;
  }, [stream]);
  return (
    <div className={cn("relative aspect-[4/3] overflow-hidden rounded-xl bg-stage", className)}>
      {stream ? (
        <video
          ref={video}
          data-self=""
          autoPlay
          muted
          playsInline
          aria-label="Your own picture"
          className="absolute inset-0 size-full -scale-x-100 object-cover"
        />
      ) : (
        <p className="absolute inset-x-0 top-[22%] grid justify-items-center gap-2 px-4 text-center text-calm-small text-stage-muted">
          <VideoOff aria-hidden="true" className="size-8" />
          Your camera is off
        </p>
      )}
      {children}
    </div>
  );
}
