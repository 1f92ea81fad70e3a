"use client";

import {
  Activity,
  Aperture,
  Captions as CaptionsIcon,
  Columns2,
  Ellipsis,
  Keyboard,
  type LucideIcon,
  Maximize,
  MessageSquare,
  Paperclip,
  PictureInPicture2,
  ScreenShare,
  Settings2,
  Square,
  SwitchCamera,
} from "lucide-react";
import { useRef } from "react";
import { cn } from "@/components/ui/cn.ts";
import {
  Menu,
  MenuCheckItem,
  MenuContent,
  MenuItem,
  MenuLabel,
  MenuSeparator,
  MenuTrigger,
} from "@/components/ui/menu.tsx";
import type { Media, MediaView } from "@/lib/call/media.browser.ts";
import type { useCaptions } from "./captions.tsx";
import { Control } from "./control.tsx";
import type { Layout } from "./layout.ts";
import type { PanelName, Unread } from "./panels.ts";
import type { Asked } from "./room-dialogs.tsx";

interface MoreMenuProps {
  media: Media;
  own: MediaView;
  doctor: boolean;
  guest: boolean;
  unread: Unread;
  layout: Layout;
  captions: ReturnType<typeof useCaptions>;
  /** What else opens a panel. */
  panels: readonly { word: string; icon: LucideIcon; run: () => void }[];
  onLayout: () => void;
  onPanel: (panel: PanelName) => void;
  onDialog: (dialog: Asked) => void;
  onShare: () => void;
  onSmallWindow: () => void;
  onFullScreen: () => void;
}

/** What is used now and then, and on a phone what the row has no room for. */
export function MoreMenu(props: MoreMenuProps) {
  const { own, doctor, guest, unread, media, captions, layout } = props;
  const narrow = doctor ? "md:hidden" : "sm:hidden";
  const size = cn(!doctor && "min-h-control-calm text-calm-small");
  const cameras = own.devices.filter((one) => one.kind === "camera").length;
  // What opens a panel or a dialog runs once the menu has given the focus back, so that it can take it, and return it to More.
  const chosen = useRef<() => void>(undefined);
  const afterwards = (run: () => void) => () => {
    chosen.current = run;
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
  const missing = [
    ...(media.canBlur ? [] : ["blur what is behind you"]),
    ...(captions.offered === "no" ? ["write captions"] : []),
  ];
  return (
    <Menu>
      <MenuTrigger asChild>
        <Control word="More" icon={<Ellipsis aria-hidden="true" />} className={cn(doctor && "min-w-14")} />
      </MenuTrigger>
      <MenuContent
        side="top"
        align="center"
        className="max-w-[min(22rem,calc(100vw-1.5rem))]"
        onCloseAutoFocus={() => {
          const run = chosen.current;
          chosen.current = undefined;
          if (run) queueMicrotask(run);
        }}
      >
        {doctor ? (
          <MenuItem
            className={cn(size, narrow)}
            onSelect={afterwards(() => props.onPanel("chat"))}
            {...fresh(unread.chat)}
          >
            <MessageSquare aria-hidden="true" />
            Chat
            {count(unread.chat)}
          </MenuItem>
        ) : null}
        {guest ? null : (
          <MenuItem
            className={cn(size, narrow)}
            onSelect={afterwards(() => props.onPanel("files"))}
            {...fresh(unread.files)}
          >
            <Paperclip aria-hidden="true" />
            Files
            {count(unread.files)}
          </MenuItem>
        )}
        {media.canShare && !guest ? (
          <MenuItem className={cn(size, narrow)} onSelect={props.onShare}>
            <ScreenShare aria-hidden="true" />
            {own.sharing ? "Stop sharing" : "Share screen"}
          </MenuItem>
        ) : null}
        {props.panels.map(({ word, icon: Icon, run }) => (
          <MenuItem key={word} className={size} onSelect={afterwards(run)}>
            <Icon aria-hidden="true" />
            {word}
          </MenuItem>
        ))}
        <MenuSeparator className={cn(props.panels.length === 0 && narrow)} />
        <MenuItem className={size} onSelect={afterwards(() => props.onDialog("devices"))}>
          <Settings2 aria-hidden="true" />
          Camera and sound
        </MenuItem>
        {cameras > 1 && own.camera.is === "on" ? (
          <MenuItem className={size} onSelect={() => void media.flip()}>
            <SwitchCamera aria-hidden="true" />
            Turn the camera around
          </MenuItem>
        ) : null}
        {media.canBlur ? (
          <MenuCheckItem className={size} checked={own.blur !== "off"} onCheckedChange={(on) => void media.blur(on)}>
            <Aperture aria-hidden="true" />
            <span>
              Blur my background
              {own.blur === "failed" ? (
                <span className="block text-small">It did not start, so you are not seen. Turn it off to be seen.</span>
              ) : null}
            </span>
          </MenuCheckItem>
        ) : null}
        {captions.offered === "ready" || captions.offered === "download" ? (
          <MenuCheckItem className={size} checked={captions.state !== "off"} onCheckedChange={captions.wish}>
            <CaptionsIcon aria-hidden="true" />
            <span>
              Captions
              <span className="block text-small">Written on this device, nowhere else</span>
            </span>
          </MenuCheckItem>
        ) : null}
        <MenuSeparator />
        <MenuItem className={size} onSelect={props.onLayout}>
          {layout === "grid" ? <Square aria-hidden="true" /> : <Columns2 aria-hidden="true" />}
          {layout === "grid" ? "One large picture" : "Side by side"}
        </MenuItem>
        {document.pictureInPictureEnabled ? (
          <MenuItem className={size} onSelect={props.onSmallWindow}>
            <PictureInPicture2 aria-hidden="true" />
            Small window
          </MenuItem>
        ) : null}
        {document.fullscreenEnabled ? (
          <MenuItem className={size} onSelect={props.onFullScreen}>
            <Maximize aria-hidden="true" />
            Full screen
          </MenuItem>
        ) : null}
        <MenuItem className={size} onSelect={afterwards(() => props.onDialog("quality"))}>
          <Activity aria-hidden="true" />
          Call quality
        </MenuItem>
        <MenuItem
          className={cn(size, "pointer-coarse:hidden")}
          onSelect={afterwards(() => props.onDialog("shortcuts"))}
        >
          <Keyboard aria-hidden="true" />
          Keyboard shortcuts
        </MenuItem>
        {missing.length > 0 ? (
          <MenuLabel>This browser can’t {missing.join(" or ")} on the device, so we don’t offer it.</MenuLabel>
        ) : null}
      </MenuContent>
    </Menu>
  );
}
