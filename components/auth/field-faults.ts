import { Password } from "@/lib/auth/api.ts";
import { Refusal } from "@/lib/refusal.ts";
import { wordsFor } from "@/lib/strings/apart.ts";

/** What to say of an address that cannot be one. */
export function emailFault(email: string): string {
  if (email === "") return "Enter your email address";
  if (!email.includes("@")) return "This address is missing its @";
  if (!/\.[^@.]+$/.test(email)) return "This address is missing its ending, such as .org";
  return "This doesn’t look like an email address";
}

/** What to say of a new password that won't do; null for one that will. */
export function passwordFault(password: string): string | null {
  if (Password.safeParse(password).success) return null;
  const missing = 12 - password.length;
  if (missing === 12) return "Choose a password of at least 12 characters";
  if (missing <= 0) return "This is too long: 128 characters at most";
  return `This is too short: ${missing} more ${missing === 1 ? "character" : "characters"}, please`;
}

/** Why an account with a key was not made: the server's word, or this browser kept nothing. */
export const beginFault = (why: unknown): string =>
  why instanceof Refusal || navigator.onLine === false
    ? wordsFor(why)
    : "This browser didn’t keep the signing key it made, so nothing was created. A private window or a full disk can be the reason.";
