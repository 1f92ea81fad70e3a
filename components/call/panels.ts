"use client";

import { useEffect, useRef, useState } from "react";
import type { CallView } from "@/lib/call/call.browser.ts";

export type PanelName = "chat" | "files" | "prescribe" | "notes" | "ask" | "revoke" | "safety";
export interface Unread {
  chat: number;
  files: number;
}

/** What came from the other side while its panel was not open. */
export function useUnread(view: CallView, panel: PanelName | null): Unread {
  const messages = view.chat.filter((one) => !one.mine).length;
  const files = view.files.filter((one) => one.direction === "in" && one.state === "arrived").length;
  const [seen, setSeen] = useState({ messages: 0, files: 0 });
  useEffect(() => {
    if (panel === "chat") setSeen((before) => ({ ...before, messages }));
    if (panel === "files") setSeen((before) => ({ ...before, files }));
  }, [panel, messages, files]);
  return { chat: panel === "chat" ? 0 : messages - seen.messages, files: panel === "files" ? 0 : files - seen.files };
}

/** A sentence for screen readers when something changed that others see: the connection, a message, a file. */
export function useAnnouncement(view: CallView, name: string, panel: PanelName | null): string {
  const [said, say] = useState("");
  const before = useRef(view);
  useEffect(() => {
    const was = before.current;
    before.current = view;
    if (view.state.is !== was.state.is) {
      if (view.state.is === "live")
        say(was.state.is === "reconnecting" ? `Connected again with ${name}.` : `Connected with ${name}.`);
      if (view.state.is === "connecting") say(`Connecting to ${name}.`);
      if (view.state.is === "waiting") say(`Waiting for ${name}.`);
    }
    const message = view.chat.at(-1);
    if (message && !message.mine && message.id !== was.chat.at(-1)?.id && panel !== "chat") {
      say(`New message from ${name}.`);
    }
    const arrived = view.files.find(
      (one) =>
        one.direction === "in" &&
        one.state === "arrived" &&
        was.files.find((old) => old.id === one.id)?.state !== "arrived",
    );
    if (arrived) say(`${arrived.name} arrived from ${name}.`);
  }, [view, name, panel]);
  return said;
}
