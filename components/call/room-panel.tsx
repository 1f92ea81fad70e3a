"use client";

import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn.ts";
import { PanelHead, SidePanel } from "@/components/ui/side-panel.tsx";
import { Tab, TabCount, TabList, TabPanel, Tabs } from "@/components/ui/tabs.tsx";
import type { PanelName, Unread } from "./panels.ts";

const heights: Partial<Record<PanelName, string>> = {
  files: "h-[70dvh]",
  prescribe: "h-[74dvh]",
  ask: "h-[74dvh]",
  safety: "h-[74dvh]",
  revoke: "h-[60dvh]",
  people: "h-[70dvh]",
  guest: "h-[74dvh]",
};

/** The doctor's panels that are always there, as tabs; any other stands alone. */
const tabs = ["chat", "files", "prescribe", "notes"] as const satisfies readonly PanelName[];
const tabWords = { chat: "Chat", files: "Files", prescribe: "Prescribe", notes: "Notes" } as const;

interface RoomPanelProps {
  panel: PanelName;
  title: string;
  doctor: boolean;
  unread: Unread;
  files: number;
  onPanel: (panel: PanelName) => void;
  onClose: () => void;
  children: ReactNode;
}

/** Beside the picture on a wide screen, below it on a phone. */
export function RoomPanel({ panel, title, doctor, unread, files, onPanel, onClose, children }: RoomPanelProps) {
  const tabbed = doctor && (tabs as readonly PanelName[]).includes(panel);
  return (
    <SidePanel
      title={title}
      onClose={onClose}
      className={cn(
        "relative z-10 -mt-5 shrink-0 pb-[env(safe-area-inset-bottom)] lg:mt-0 lg:h-auto",
        heights[panel] ?? "h-[64dvh]",
        "short:mt-0 short:h-auto short:w-[24rem] short:rounded-none",
        !doctor && "lg:w-[27rem]",
        // What is looked at closely has more room.
        "lg:has-[[data-preview]]:w-[36rem] max-lg:has-[[data-preview]]:h-[74dvh]",
      )}
      {...(tabbed ? { head: <></> } : {})}
    >
      {tabbed ? (
        <Tabs value={panel} onValueChange={(next) => onPanel(next as PanelName)} className="flex min-h-0 grow flex-col">
          <PanelHead title={title} onClose={onClose} className="lg:hidden" />
          <TabList aria-label="Side panel" className="max-lg:hidden">
            {tabs.map((name) => (
              <Tab key={name} value={name} {...countOf(name, unread, files)}>
                {tabWords[name]}
                {name === "chat" && unread.chat > 0 ? <TabCount attention>{unread.chat}</TabCount> : null}
                {name === "files" && files > 0 ? <TabCount>{files}</TabCount> : null}
              </Tab>
            ))}
          </TabList>
          <TabPanel value={panel} className="flex flex-col overflow-hidden" tabIndex={-1}>
            {children}
          </TabPanel>
        </Tabs>
      ) : (
        children
      )}
    </SidePanel>
  );
}

/** What a count beside a name says, without becoming part of the name. */
function countOf(name: (typeof tabs)[number], unread: Unread, files: number) {
  if (name === "chat" && unread.chat > 0) return { "aria-description": `${unread.chat} new` };
  return name === "files" && files > 0 ? { "aria-description": `${files} here` } : {};
}
