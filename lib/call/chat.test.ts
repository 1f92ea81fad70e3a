import { afterEach, expect, test, vi } from "vitest";
import { Chat } from "./chat.ts";
import type { PeerMessage } from "./protocol.ts";

afterEach(() => vi.useRealTimers());
const message = (id: string, text = "Hello") => ({ is: "chat", id, text, at: "2026-11-22T14:06:00Z" }) as const;

test("what is written while the line is down goes when it is back, once and in order", () => {
  const sent: PeerMessage[] = [];
  let open = false;
  const chat = new Chat((m) => open && sent.push(m) > 0);
  chat.say("one");
  chat.say(" two ");
  expect(chat.list.map((m) => m.sent)).toEqual([false, false]);
  open = true;
  chat.resume();
  chat.resume();
  expect(sent.map((m) => m.is === "chat" && m.text)).toEqual(["one", "two"]);
  expect(chat.list.map((m) => m.sent)).toEqual([true, true]);
});

test("nothing and more than 4 KiB are not sent, nor believed", () => {
  const chat = new Chat(() => true);
  expect(chat.say("   ")).toBe(false);
  expect(chat.say("é".repeat(2_049))).toBe(false);
  expect(chat.hear(message("1", "é".repeat(2_049)))).toBe(false);
  expect(chat.say("é".repeat(2_048))).toBe(true);
});

test("whoever sends a thousand messages at once is heard twenty times, and again after a while", () => {
  vi.useFakeTimers();
  const chat = new Chat(() => true);
  for (let i = 0; i < 1_000; i++) chat.hear(message(String(i)));
  expect(chat.list).toHaveLength(20);
  vi.advanceTimersByTime(3_000);
  expect(chat.hear(message("later"))).toBe(true);
  expect(chat.hear(message("later"))).toBe(false);
});
