"use client";

import { Ellipsis } from "lucide-react";
import dynamic from "next/dynamic";
import { Loading } from "@/components/ui/skeleton.tsx";
import { Control } from "./control.tsx";

// What nobody needs before the picture. Once it is there all of it is fetched, while the line is good.

/** More, where it will be. */
export const MoreComing = () => (
  <Control word="More" icon={<Ellipsis aria-hidden="true" />} className="min-w-14" disabled />
);

const loadMore = () => import("./more-menu.tsx").then((m) => m.MoreMenu);
export const MoreMenu = dynamic(loadMore, { ssr: false, loading: MoreComing });

const loadPanel = () => import("./room-panel.tsx").then((m) => m.RoomPanel);
export const RoomPanel = dynamic(loadPanel, { ssr: false });

const loadChat = () => import("./chat-panel.tsx").then((m) => m.ChatPanel);
export const ChatPanel = dynamic(loadChat, {
  ssr: false,
  loading: () => <Loading label="Opening the chat" className="p-4" />,
});

const loadFiles = () => import("./files-panel.tsx").then((m) => m.FilesPanel);
export const FilesPanel = dynamic(loadFiles, {
  ssr: false,
  loading: () => <Loading label="Opening the files" className="p-4" />,
});

export const SafetyPanel = dynamic(() => import("./safety-panel.tsx").then((m) => m.SafetyPanel), {
  ssr: false,
  loading: () => <Loading label="Opening the safety check" />,
});

export function fetchLater(): void {
  void Promise.all([loadMore(), loadPanel(), loadChat(), loadFiles()]).catch(() => {});
}
