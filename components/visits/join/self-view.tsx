"use client";

import { VideoOff } from "lucide-react";
import type { ReactNode } from "react";
import { MirrorVideo } from "@/components/call/video.tsx";
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
  return (
    <div className={cn("relative aspect-[4/3] overflow-hidden rounded-xl bg-stage", className)}>
      {stream ? (
        <MirrorVideo stream={stream} />
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
