"use client";

import {
  Columns2,
  Ellipsis,
  Maximize,
  MessageSquare,
  NotebookPen,
  Paperclip,
  ScreenShare,
  Settings2,
  ShieldCheck,
  Square,
  SwitchCamera,
} from "lucide-react";
import { useRef } from "react";
import { cn } from "@/components/ui/cn.ts";
import { Menu, MenuContent, MenuItem, MenuSeparator, MenuTrigger } from "@/components/ui/menu.tsx";
import type { Media, MediaView } from "@/lib/call/media.browser.ts";
import { Control } from "./control.tsx";
import type { PanelName, Unread } from "./panels.ts";

interface MoreMenuProps {
  media: Media;
  own: MediaView;
  doctor: boolean;
  unread: Unread;
  sideBySide: boolean;
  onSideBySide: () => void;
  onPanel: (panel: PanelName) => void;
  onDevices: () => void;
  onShare: () => void;
  onFullScreen: () => void;
}

/** What is used now and then, and on a phone what the row has no room for. */
export function MoreMenu(props: MoreMenuProps) {
  const { own, doctor, unread, media } = props;
  const narrow = doctor ? "md:hidden" : "sm:hidden";
  const cameras = own.devices.filter((one) => one.kind === "camera").length;
  // A panel opens once the menu has given the focus back, so that it can take it, and return it to More.
  const chosen = useRef<PanelName>(undefined);
  const open = (panel: PanelName) => {
    chosen.current = panel;
  };
  const count = (n: number) =>
    n > 0 ? (
      <span
        aria-hidden="true"
        className="ml-auto rounded-full bg-attention px-1.5 text-small text-attention-foreground"
      >
        {n}
      </span>
    ) : null;
  const fresh = (n: number) => (n > 0 ? { "aria-description": `${n} new` } : {});
  return (
    <Menu>
      <MenuTrigger asChild>
        <Control word="More" icon={<Ellipsis aria-hidden="true" />} className={cn(doctor && "min-w-14")} />
      </MenuTrigger>
      <MenuContent
        side="top"
        align="center"
        onCloseAutoFocus={() => {
          const panel = chosen.current;
          chosen.current = undefined;
          if (panel) queueMicrotask(() => props.onPanel(panel));
        }}
      >
        {doctor ? (
          <MenuItem className={narrow} onSelect={() => open("chat")} {...fresh(unread.chat)}>
            <MessageSquare aria-hidden="true" />
            Chat
            {count(unread.chat)}
          </MenuItem>
        ) : null}
        <MenuItem className={narrow} onSelect={() => open("files")} {...fresh(unread.files)}>
          <Paperclip aria-hidden="true" />
          Files
          {count(unread.files)}
        </MenuItem>
        {doctor ? (
          <MenuItem onSelect={() => open("notes")}>
            <NotebookPen aria-hidden="true" />
            Notes
          </MenuItem>
        ) : null}
        {media.canShare ? (
          <MenuItem className={narrow} onSelect={props.onShare}>
            <ScreenShare aria-hidden="true" />
            {own.sharing ? "Stop sharing" : "Share screen"}
          </MenuItem>
        ) : null}
        <MenuSeparator className={cn(!doctor && narrow)} />
        <MenuItem onSelect={props.onDevices}>
          <Settings2 aria-hidden="true" />
          Camera and sound
        </MenuItem>
        <MenuItem onSelect={() => open("safety")}>
          <ShieldCheck aria-hidden="true" />
          Safety check
        </MenuItem>
        {cameras > 1 && own.camera.is === "on" ? (
          <MenuItem onSelect={() => void media.flip()}>
            <SwitchCamera aria-hidden="true" />
            Turn the camera around
          </MenuItem>
        ) : null}
        <MenuItem onSelect={props.onSideBySide}>
          {props.sideBySide ? <Square aria-hidden="true" /> : <Columns2 aria-hidden="true" />}
          {props.sideBySide ? "One large picture" : "Side by side"}
        </MenuItem>
        <MenuItem onSelect={props.onFullScreen}>
          <Maximize aria-hidden="true" />
          Full screen
        </MenuItem>
      </MenuContent>
    </Menu>
  );
}
