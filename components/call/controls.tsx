"use client";

import {
  MessageSquare,
  Mic,
  MicOff,
  MonitorX,
  Paperclip,
  PhoneOff,
  Pill,
  ScreenShare,
  Users,
  Video,
  VideoOff,
} from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn.ts";
import { Spinner } from "@/components/ui/spinner.tsx";
import type { Media, MediaView } from "@/lib/call/media.browser.ts";
import { Control } from "./control.tsx";
import type { PanelName, Unread } from "./panels.ts";

interface ControlsProps {
  media: Media;
  own: MediaView;
  /** The doctor has one control more, and ends the visit instead of leaving it. */
  doctor: boolean;
  /** A guest has neither files nor a screen to show, and asks nobody in. */
  guest: boolean;
  panel: PanelName | null;
  unread: Unread;
  onPanel: (panel: PanelName) => void;
  onEnd: () => void;
  onShare: () => void;
  more: ReactNode;
  /** The end was asked for and is on its way. */
  ending: boolean;
  /** Who is on the other side, at the left of a wide screen. */
  aside?: ReactNode;
}

/** Everything one can do, in one row, with a word under each. What a phone has no room for is in More. */
export function Controls(props: ControlsProps) {
  const { own, media, doctor, guest, panel, unread, onPanel } = props;
  const cameraOn = own.camera.is === "on";
  const toggle = (name: PanelName) => ({
    "aria-expanded": panel === name,
    look: panel === name ? ("on" as const) : ("plain" as const),
    onClick: () => onPanel(name),
  });
  const narrow = doctor ? "hidden md:grid" : "hidden sm:grid";
  const all = (
    <>
      <Control
        word={own.muted ? "Unmute" : "Mute"}
        icon={own.muted ? <MicOff aria-hidden="true" /> : <Mic aria-hidden="true" />}
        look={own.muted ? "on" : "plain"}
        className={cn(doctor && "min-w-14")}
        onClick={() => media.mute(!own.muted)}
      />
      <Control
        word={cameraOn ? "Camera off" : "Camera on"}
        icon={cameraOn ? <Video aria-hidden="true" /> : <VideoOff aria-hidden="true" />}
        look={cameraOn ? "plain" : "on"}
        className={cn(doctor && "min-w-[4.75rem]")}
        onClick={() => void media.camera(!cameraOn)}
      />
      {media.canShare && !guest ? (
        <Control
          word={own.sharing ? "Stop sharing" : "Share screen"}
          icon={own.sharing ? <MonitorX aria-hidden="true" /> : <ScreenShare aria-hidden="true" />}
          look={own.sharing ? "on" : "plain"}
          className={cn(narrow, doctor && "min-w-[5.5rem]")}
          onClick={props.onShare}
        />
      ) : null}
      <Control
        word="Chat"
        icon={<MessageSquare aria-hidden="true" />}
        count={unread.chat}
        className={cn(doctor && "hidden min-w-14 md:grid")}
        {...toggle("chat")}
      />
      {guest ? null : (
        <Control
          word="Files"
          icon={<Paperclip aria-hidden="true" />}
          count={unread.files}
          className={cn(narrow, doctor && "min-w-14")}
          {...toggle("files")}
        />
      )}
      {doctor ? (
        <Control word="Prescribe" icon={<Pill aria-hidden="true" />} className="min-w-14" {...toggle("prescribe")} />
      ) : null}
      {guest ? null : (
        <Control
          word="People"
          icon={<Users aria-hidden="true" />}
          className={cn(doctor ? "hidden min-w-14 lg:grid" : narrow)}
          {...toggle("people")}
        />
      )}
      {props.more}
    </>
  );
  const end = (
    <Control
      word={doctor ? "End visit" : "Leave"}
      icon={props.ending ? <Spinner /> : <PhoneOff aria-hidden="true" />}
      look="end"
      className={cn(doctor && "min-w-16")}
      onClick={props.onEnd}
    />
  );
  const row = "flex flex-wrap justify-around px-3 py-3 sm:justify-center";
  return (
    <section
      aria-label="Call controls"
      className={cn(
        "dark relative bg-stage pr-[env(safe-area-inset-right)] pb-[env(safe-area-inset-bottom)] pl-[env(safe-area-inset-left)] text-stage-foreground",
        panel && "max-lg:hidden",
      )}
    >
      {doctor ? (
        <div className="flex items-start justify-between gap-2 px-3 py-3 lg:px-6">
          <div className="hidden w-32 text-table xl:block">{props.aside}</div>
          <div
            role="toolbar"
            aria-label="Call"
            className="flex grow flex-wrap justify-around gap-1.5 sm:justify-center sm:gap-4"
          >
            {all}
          </div>
          {end}
        </div>
      ) : (
        <div role="toolbar" aria-label="Call" className={cn(row, "mx-auto max-w-[44rem] gap-x-1 gap-y-2 sm:gap-5")}>
          {all}
          {end}
        </div>
      )}
    </section>
  );
}

/** On a phone with an open panel: the two one may need at once, on the small picture. */
export function CornerControls({
  own,
  media,
  doctor,
  onEnd,
}: Pick<ControlsProps, "own" | "media" | "doctor" | "onEnd">) {
  const word = own.muted ? "Unmute" : "Mute";
  const end = doctor ? "End visit" : "Leave";
  const round = "grid size-12 cursor-pointer place-items-center rounded-full [&>svg]:size-5";
  return (
    <div className="absolute right-3 bottom-8 z-10 flex gap-2 lg:hidden">
      <button
        type="button"
        aria-label={word}
        title={word}
        className={cn(round, "bg-stage-foreground text-stage")}
        onClick={() => media.mute(!own.muted)}
      >
        {own.muted ? <MicOff aria-hidden="true" /> : <Mic aria-hidden="true" />}
      </button>
      <button
        type="button"
        aria-label={end}
        title={end}
        className={cn(round, "bg-stage-end text-stage-end-foreground")}
        onClick={onEnd}
      >
        <PhoneOff aria-hidden="true" />
      </button>
    </div>
  );
}
