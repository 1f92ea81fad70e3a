import { afterEach, expect, test, vi } from "vitest";
import { Chat } from "./chat.ts";
import type { MemberId } from "./member.ts";
import type { PeerMessage } from "./protocol.ts";

afterEach(() => vi.useRealTimers());
const message = (id: string, text = "Hello") => ({ is: "chat", id, text, at: "2026-11-22T14:06:00Z" }) as const;
const GUEST: MemberId = "9".repeat(32);

/** The doctor's page: what it says to whom, over the connections that are open. */
function talk(to: MemberId[], open: MemberId[]) {
  const sent: string[] = [];
  const chat = new Chat({
    to: () => to,
    send: (m: PeerMessage, member) => {
      if (open.includes(member) && m.is === "chat") sent.push(`${member}: ${m.text}`);
      return open.includes(member);
    },
  });
  return { chat, sent };
}

test("what is written while the line is down goes when it is back, once and in order", () => {
  const open: MemberId[] = [];
  const { chat, sent } = talk(["patient"], open);
  chat.say("one");
  chat.say(" two ");
  expect(chat.list.map((m) => m.sent)).toEqual([false, false]);
  open.push("patient");
  chat.resume("patient");
  chat.resume("patient");
  expect(sent).toEqual(["patient: one", "patient: two"]);
  expect(chat.list.map((m) => m.sent)).toEqual([true, true]);
});

test("a message is sent once everyone has it, and nobody gets it twice", () => {
  const open: MemberId[] = [GUEST];
  const { chat, sent } = talk(["patient", GUEST], open);
  chat.say("one");
  expect(chat.list.map((m) => m.sent)).toEqual([false]);
  chat.resume(GUEST);
  open.push("patient");
  chat.resume("patient");
  expect(sent).toEqual([`${GUEST}: one`, "patient: one"]);
  expect(chat.list.map((m) => m.sent)).toEqual([true]);
});

test("nothing waits for a guest who left", () => {
  const { chat } = talk(["patient", GUEST], ["patient"]);
  chat.say("one");
  chat.left(GUEST);
  expect(chat.list.map((m) => m.sent)).toEqual([true]);
});

test("nothing and more than 4 KiB are not sent, nor believed", () => {
  const { chat } = talk(["patient"], ["patient"]);
  expect(chat.say("   ")).toBe(false);
  expect(chat.say("é".repeat(2_049))).toBe(false);
  expect(chat.hear(message("1", "é".repeat(2_049)), "patient")).toBe(false);
  expect(chat.say("é".repeat(2_048))).toBe(true);
});

test("whoever sends a thousand messages at once is heard twenty times, and again after a while, and silences nobody", () => {
  vi.useFakeTimers();
  const { chat } = talk(["patient", GUEST], []);
  for (let i = 0; i < 1_000; i++) chat.hear(message(String(i)), GUEST);
  expect(chat.list).toHaveLength(20);
  expect(chat.hear(message("0"), "patient")).toBe(true);
  vi.advanceTimersByTime(3_000);
  expect(chat.hear(message("later"), GUEST)).toBe(true);
  expect(chat.hear(message("later"), GUEST)).toBe(false);
});
