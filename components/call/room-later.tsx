"use client";

import { Ellipsis } from "lucide-react";
import { fetched } from "@/components/ui/fetched.tsx";
import { Loading } from "@/components/ui/skeleton.tsx";
import { Control } from "./control.tsx";

// What nobody needs before the picture. Once it is there all of it is fetched, while the line is good.

/** More, where it will be. */
export const MoreComing = () => (
  <Control word="More" icon={<Ellipsis aria-hidden="true" />} className="min-w-14" disabled />
);

export const MoreMenu = fetched(() => import("./more-menu.tsx").then((m) => m.MoreMenu), MoreComing);

export const RoomPanel = fetched(() => import("./room-panel.tsx").then((m) => m.RoomPanel));

export const ChatPanel = fetched(
  () => import("./chat-panel.tsx").then((m) => m.ChatPanel),
  () => <Loading label="Opening the chat" className="p-4" />,
);

export const FilesPanel = fetched(
  () => import("./files-panel.tsx").then((m) => m.FilesPanel),
  () => <Loading label="Opening the files" className="p-4" />,
);

export const SafetyPanel = fetched(
  () => import("./safety-panel.tsx").then((m) => m.SafetyPanel),
  () => <Loading label="Opening the safety check" />,
);

/** What this page and the others were shown of the clinic's log. A line that is down brings it the next time. */
export const logStore = () => import("@/components/ledger/log-store.ts");

export function fetchLater(): void {
  void Promise.all([MoreMenu, RoomPanel, ChatPanel, FilesPanel].map((part) => part.fetch())).catch(() => {});
}
