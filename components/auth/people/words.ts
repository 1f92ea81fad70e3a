import { counted } from "@/components/ui/text.ts";
import { clock, day, shortDayAndYear } from "@/components/ui/times.ts";
import type { StaffKey, StaffMember } from "@/lib/auth/people-api.ts";
import type { Role } from "@/lib/auth/person.ts";

export const roleWords = (roles: readonly Role[]): string =>
  roles.includes("admin") ? (roles.includes("clinician") ? "Doctor and admin" : "Admin") : "Doctor";

/** Nobody has compared its words yet. */
export const isWaiting = (key: StaffKey) => !key.enrolledAt && !key.removedAt;
export const isEnrolled = (key: StaffKey) => Boolean(key.enrolledAt) && !key.removedAt;

/** Where a person stands. `waits`: an admin has to compare the words of a key they brought. */
export type Standing = "active" | "waits" | "removed";
export function standingOf({ removedAt, keys }: StaffMember): Standing {
  if (removedAt) return "removed";
  return keys.some(isWaiting) ? "waits" : "active";
}

export function keysInWords({ keys, roles }: StaffMember): string {
  const enrolled = keys.filter(isEnrolled).length;
  if (enrolled > 0) return counted(enrolled, "key", "keys");
  if (keys.some(isWaiting)) return "key not enrolled";
  if (keys.length > 0) return "keys removed";
  return roles.includes("clinician") ? "no key yet" : "needs none";
}

/** `today, 09:12`; `3 Feb`. */
export function lastSeen(at: Date | null, now = new Date()): string {
  if (!at) return "never";
  const near = day(at, now);
  return near === "today" || near === "yesterday" ? `${near}, ${clock(at)}` : shortDayAndYear(at, now);
}
