import type { GuestEnd, GuestRole } from "@/lib/visits/guest.ts";

/** What a guest may be, as a choice. */
export const roles: readonly { value: GuestRole; label: string }[] = [
  { value: "interpreter", label: "Interpreter" },
  { value: "relative", label: "Relative" },
  { value: "student", label: "Student" },
];

/** In a sentence before there is a name. */
export const aGuest = {
  interpreter: "an interpreter",
  relative: "a relative",
  student: "a student",
} as const satisfies Record<GuestRole, string>;

/** How someone's part ended, for those who stayed. */
export const ended = {
  refused: "not let in",
  declined: "not let in",
  withdrawn: "the link was taken back",
  revoked: "permission taken back",
  left: "left",
  "not-private": "the line with them was not private",
  visit: "the visit ended",
} as const satisfies Record<GuestEnd, string>;
