"use client";

import { VideoOff } from "lucide-react";
import type { ReactNode } from "react";
import type { Who } from "@/components/consent/names.ts";
import { cn } from "@/components/ui/cn.ts";
import type { OtherView } from "@/lib/call/call-view.browser.ts";
import { NamePill } from "./stage-parts.tsx";
import { RemoteVideo } from "./video.tsx";

interface TileProps {
  other: OtherView;
  who: Who;
  speaker: string;
  volume: number;
  className: string;
  /** Where the name stands. */
  pill: string;
  /** In place of the picture and the name: reconnecting, in words. */
  instead?: ReactNode;
  /** Follows the name. */
  children?: ReactNode;
}

/** Someone else in the call: their picture, or in words why there is none. */
export function Tile({ other, who, speaker, volume, className, pill, instead, children }: TileProps) {
  const { state, remote, them } = other;
  // A picture that a thin line no longer brings would stand still: it is taken away, with the reason.
  const faceless = remote !== null && (them.pictureHeld || (them.cameraOff && !them.sharing));
  const words =
    state.is === "waiting"
      ? `Waiting for ${who.name}`
      : state.is === "connecting"
        ? `Connecting to ${who.name}`
        : state.is === "reconnecting" && !instead
          ? `Reconnecting to ${who.name}`
          : null;
  return (
    <div className={className}>
      <div className={cn("absolute inset-0", state.is === "reconnecting" && "grayscale")}>
        <RemoteVideo
          stream={remote}
          name={who.name}
          whole={them.sharing}
          hidden={faceless || words !== null}
          speaker={speaker}
          volume={volume}
        />
        {faceless && !words ? (
          <Faceless icon={<VideoOff aria-hidden="true" className="size-9" />}>
            {them.pictureHeld ? `Only sound comes from ${who.name} for now` : `${who.name}’s camera is off`}
          </Faceless>
        ) : null}
      </div>
      {words && !instead ? (
        <Faceless icon={<span className="breathe size-16 rounded-full bg-stage-control motion-reduce:animate-none" />}>
          {words}
        </Faceless>
      ) : null}
      {instead ?? (
        <NamePill name={who.name} role={who.role} muted={them.muted && other.open} className={pill}>
          {children}
        </NamePill>
      )}
    </div>
  );
}

function Faceless({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <div className="absolute inset-0 grid place-content-center justify-items-center gap-3 p-4 text-center text-calm text-stage-muted">
      {icon}
      <p>{children}</p>
    </div>
  );
}
