import { expect, test } from "vitest";
import type { StaffKey, StaffMember } from "@/lib/auth/people-api.ts";
import { keysInWords, lastSeen, standingOf } from "./words.ts";

const at = "2026-11-23T09:12:00.000Z";
const key = (more: Partial<StaffKey> = {}) => ({ enrolledAt: at, removedAt: null, ...more }) as StaffKey;
const waiting = key({ enrolledAt: null });
const gone = key({ removedAt: at });
const who = (keys: StaffKey[], more: Partial<StaffMember> = {}) =>
  ({ roles: ["clinician"], removedAt: null, keys, ...more }) as StaffMember;

test("whoever brought a key that waits needs an admin, whatever else they have", () => {
  expect(standingOf(who([waiting]))).toBe("waits");
  expect(standingOf(who([waiting, key()]))).toBe("waits");
  expect(standingOf(who([key(), gone]))).toBe("active");
  expect(standingOf(who([waiting], { removedAt: at }))).toBe("removed");
});

test("keys are told by those that count", () => {
  expect(keysInWords(who([key(), key(), gone]))).toBe("2 keys");
  expect(keysInWords(who([waiting, gone]))).toBe("key not enrolled");
  expect(keysInWords(who([gone]))).toBe("keys removed");
  expect(keysInWords(who([]))).toBe("no key yet");
  expect(keysInWords(who([], { roles: ["admin"] }))).toBe("needs none");
});

test("somebody was seen at a time of these days, on a day before, or never", () => {
  const now = new Date(2026, 10, 23, 18, 0);
  expect(lastSeen(new Date(2026, 10, 23, 9, 12), now)).toBe("today, 09:12");
  expect(lastSeen(new Date(2026, 10, 22, 17, 30), now)).toBe("yesterday, 17:30");
  expect(lastSeen(new Date(2026, 5, 30, 12, 0), now)).toBe("30 Jun");
  expect(lastSeen(null, now)).toBe("never");
});
