"use client";

import { MonitorUp, VideoOff } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn.ts";
import type { CallView } from "@/lib/call/call.browser.ts";
import type { MediaView } from "@/lib/call/media.browser.ts";
import { Elapsed, LinePill, NamePill } from "./stage-parts.tsx";
import { OwnVideo, RemoteVideo } from "./video.tsx";

interface StageProps {
  /** The other's name, as its pill says it. */
  name: string;
  heading: string;
  view: CallView;
  own: MediaView;
  lineGood: boolean;
  since: number | undefined;
  /** A panel stands below on a phone: the picture is small, and so is what stands on it. */
  shrunk: boolean;
  sideBySide: boolean;
  /** The patient's clock stands in the name's pill on a phone. */
  calm: boolean;
  badge: ReactNode;
  /** What stands in place of the picture: reconnecting, over. */
  instead?: ReactNode;
  /** The shrunken stage's own Mute and Leave. */
  corner?: ReactNode;
}

/** The room itself: always dark, two tiles, and what must be known at a glance. A face is never covered by anything else. */
export function Stage(props: StageProps) {
  const { view, own, name, shrunk, calm } = props;
  const { them } = view;
  const waiting = view.state.is === "waiting" || view.state.is === "connecting";
  const faceless = view.remote !== null && them.cameraOff && !them.sharing;
  const two = props.sideBySide && !shrunk;
  return (
    <main id="main" className="dark relative min-h-0 min-w-0 grow overflow-hidden bg-stage text-stage-foreground">
      <h1 className="sr-only">{props.heading}</h1>
      <div className={cn("absolute inset-0", two && "grid gap-2 p-2 pt-16 lg:grid-cols-2 lg:gap-3 lg:p-3 lg:pt-16")}>
        <div
          className={cn(
            two ? "relative min-h-0 overflow-hidden rounded-2xl" : "absolute inset-0",
            view.state.is === "reconnecting" && "grayscale",
          )}
        >
          <RemoteVideo stream={view.remote} name={name} whole={them.sharing} hidden={faceless} speaker={own.speaker} />
          {faceless ? (
            <Faceless icon={<VideoOff aria-hidden="true" className="size-9" />}>{name}’s camera is off</Faceless>
          ) : null}
          {waiting && !props.instead ? (
            <Faceless
              icon={<span className="breathe size-16 rounded-full bg-stage-control motion-reduce:animate-none" />}
            >
              {view.state.is === "waiting" ? `Waiting for ${name}` : `Connecting to ${name}`}
            </Faceless>
          ) : null}
          {props.instead ? null : (
            <NamePill
              name={name}
              muted={them.muted && view.open}
              className={cn(
                "left-3 lg:bottom-4 lg:left-4",
                shrunk ? "bottom-8 lg:bottom-4" : "bottom-3 max-w-[calc(100%-148px)] sm:max-w-none",
              )}
            >
              {calm && !shrunk ? <Elapsed since={props.since} className="figures ml-1.5 sm:hidden" /> : null}
            </NamePill>
          )}
        </div>
        <div
          className={cn(
            "z-10 overflow-hidden bg-stage",
            two ? "relative min-h-0 rounded-2xl" : "absolute rounded-xl border-2 border-stage-foreground/70",
            !two &&
              (shrunk
                ? "right-4 bottom-4 hidden aspect-[16/10] w-56 lg:block"
                : "right-3 bottom-3 aspect-[3/4] w-[112px] sm:aspect-[16/10] sm:w-56"),
          )}
        >
          <OwnVideo stream={own.preview} />
          <p className="absolute bottom-1 left-1 inline-flex items-center gap-1.5 rounded-md bg-stage/85 px-2 text-small text-stage-foreground">
            {own.sharing ? <MonitorUp aria-hidden="true" className="size-4" /> : null}
            {own.sharing ? "You share your screen" : "You"}
          </p>
        </div>
      </div>
      {props.instead}
      <div className="pointer-events-none absolute inset-x-0 top-0 z-10 flex flex-wrap items-start justify-between gap-2 p-3 *:pointer-events-auto sm:p-4">
        <div className="flex flex-wrap gap-2">{props.badge}</div>
        <LinePill
          good={props.lineGood}
          since={props.since}
          className={cn(shrunk ? "hidden lg:inline-flex" : calm && "hidden sm:inline-flex")}
        />
      </div>
      {props.corner}
    </main>
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
