import type { GuestRole } from "../visits/guest.ts";
import type { Choices } from "./grant.ts";
import { utc } from "./terms.ts";

/** Session only: what every guest's permission allows, and nothing else. */
export const guestChoices = { video: "allow", prescriptions: "deny", files: "deny" } as const satisfies Choices;

/** What the text of a guest's permission is made from. `validUntil` in seconds since 1970. */
interface GuestTerms {
  readonly version: 1;
  readonly clinic: string;
  readonly clinician: string;
  readonly role: GuestRole;
  readonly validUntil: number;
}

const as = {
  interpreter: "an interpreter",
  relative: "a relative",
  student: "a student",
} as const satisfies Record<GuestRole, string>;

/**
 * The exact text a patient agrees to when a guest asks to join. The guest's name is not in it, since the server, which
 * makes the text anew, can't read it: the permission names the guest's key, and that key signed the name that was shown.
 * Never change what a version says, add the next.
 */
export function guestTermsText({ clinic, clinician, role, validUntil }: GuestTerms): string {
  return [
    `Permission for a guest, ${as[role]}, in my video visit with ${clinician}, ${clinic}.`,
    "",
    "What I decided",
    `The guest may see and hear ${clinician} and me, be seen and heard by us, and read and write in the chat.`,
    "The guest can’t open files or prescriptions, and can’t record anything.",
    "",
    "What is recorded",
    "That I gave this permission, that the guest joined, and when. Never sound or picture. The guest’s name is locked for the two of us.",
    "",
    "For how long",
    `Until the visit ends, and at the latest until ${utc(validUntil)} (world time, UTC). I can take this permission back at any time; the guest then leaves at once.`,
    "",
    "Text version 1.",
  ].join("\n");
}
