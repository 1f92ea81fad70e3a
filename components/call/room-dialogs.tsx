"use client";

import { fetched } from "@/components/ui/fetched.tsx";
import type { Call, OtherView } from "@/lib/call/call-view.browser.ts";
import type { Media, MediaView } from "@/lib/call/media.browser.ts";
import type { Shortcut } from "./shortcuts.ts";

// None of them is there before somebody asks for it.
const DevicesDialog = fetched(() => import("./devices-dialog.tsx").then((file) => file.DevicesDialog));
const QualityDialog = fetched(() => import("./quality-dialog.tsx").then((file) => file.QualityDialog));
const ShortcutsDialog = fetched(() => import("./shortcuts-dialog.tsx").then((file) => file.ShortcutsDialog));

export type Asked = "devices" | "quality" | "shortcuts";

interface RoomDialogsProps {
  call: Call;
  media: Media;
  own: MediaView;
  others: readonly OtherView[];
  nameOf: (other: OtherView) => string;
  volumes: { [member: string]: number };
  onVolume: (member: string, volume: number) => void;
  shortcuts: readonly Shortcut[];
  asked: Asked | null;
  onAsked: (asked: Asked | null) => void;
}

/** What the room asks in a dialog: one at a time. */
export function RoomDialogs(props: RoomDialogsProps) {
  const { asked, others, nameOf } = props;
  const dialog = { open: true, onOpen: (open: boolean) => props.onAsked(open ? asked : null) };
  if (asked === "devices") {
    return (
      <DevicesDialog
        {...dialog}
        media={props.media}
        own={props.own}
        voices={others.map((other) => ({
          name: nameOf(other),
          volume: props.volumes[other.member] ?? 1,
          onVolume: (volume) => props.onVolume(other.member, volume),
        }))}
      />
    );
  }
  if (asked === "quality") return <QualityDialog {...dialog} call={props.call} others={others} nameOf={nameOf} />;
  if (asked === "shortcuts") return <ShortcutsDialog {...dialog} shortcuts={props.shortcuts} />;
  return null;
}
