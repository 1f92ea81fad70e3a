"use client";

import { useEffect, useRef, useState } from "react";
import type { CallView, OtherView } from "@/lib/call/call-view.browser.ts";

export type PanelName =
  | "chat"
  | "files"
  | "prescribe"
  | "notes"
  | "ask"
  | "photo"
  | "revoke"
  | "safety"
  | "people"
  | "guest";
export interface Unread {
  chat: number;
  files: number;
}

/** What came from the others while its panel was not open. */
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

export interface Told {
  view: CallView;
  nameOf: (other: OtherView) => string;
  panel: PanelName | null;
  /** What was recorded last, as a sentence; it changes when there is something new. */
  recorded: string | undefined;
}

/** Sentences for screen readers when something changed that others see: who came, who is muted, a message, a record. */
export function useAnnouncement(told: Told): string {
  const [said, say] = useState("");
  const before = useRef(told);
  useEffect(() => {
    const was = before.current;
    before.current = told;
    const news = newsOf(was, told);
    if (news.length > 0) say(news.join(" "));
  }, [told]);
  return said;
}

/** What changed between two moments, in sentences. */
export function newsOf(was: Told, now: Told): string[] {
  const { view, nameOf, panel, recorded } = now;
  const news: string[] = [];
  for (const other of view.others) {
    const old = was.view.others.find((one) => one.member === other.member);
    news.push(...changes(old, other, nameOf(other)));
  }
  for (const old of was.view.others) {
    if (!view.others.some((one) => one.member === old.member)) news.push(`${was.nameOf(old)} left.`);
  }
  const message = view.chat.at(-1);
  if (message && !message.mine && message.id !== was.view.chat.at(-1)?.id && panel !== "chat") {
    const from = view.others.find((one) => one.member === message.from) ?? view.others[0];
    if (from) news.push(`New message from ${nameOf(from)}.`);
  }
  const arrived = view.files.find(
    (one) =>
      one.direction === "in" &&
      one.state === "arrived" &&
      was.view.files.find((old) => old.id === one.id)?.state !== "arrived",
  );
  const first = view.others[0];
  if (arrived && first) news.push(`${arrived.name} arrived from ${nameOf(first)}.`);
  if (recorded && recorded !== was.recorded) news.push(recorded);
  return news;
}

function changes(old: OtherView | undefined, { state, them, open }: OtherView, name: string): string[] {
  const news: string[] = [];
  const was = old?.state.is ?? "waiting";
  if (state.is !== was) {
    if (state.is === "live")
      news.push(was === "reconnecting" ? `Connected again with ${name}.` : `${name} joined. You are connected.`);
    if (state.is === "connecting") news.push(`Connecting to ${name}.`);
    if (state.is === "waiting" && old) news.push(`Waiting for ${name}.`);
  }
  if (!old?.open || !open) return news;
  if (them.muted !== old.them.muted) news.push(`${name} is ${them.muted ? "muted" : "not muted any more"}.`);
  if (them.cameraOff !== old.them.cameraOff) news.push(`${name}’s camera is ${them.cameraOff ? "off" : "on"}.`);
  if (them.sharing !== old.them.sharing)
    news.push(them.sharing ? `${name} shares a screen.` : `${name} stopped sharing the screen.`);
  return news;
}
