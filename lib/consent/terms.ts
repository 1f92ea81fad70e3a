import { sha256 } from "../keyring/bytes.ts";
import type { Choice, Choices } from "./grant.ts";

/** What the text of a permission is made from. `validUntil` in seconds since 1970. */
export interface Terms {
  readonly version: 1;
  readonly clinic: string;
  readonly clinician: string;
  readonly choices: Choices;
  readonly validUntil: number;
}

/**
 * The exact text a patient agrees to, in plain words. Its SHA-256 is the consent's `terms`, so the ledger holds what was
 * shown. Both sides make it anew and compare: never change what a version says, add the next.
 */
export function termsText({ clinic, clinician, choices, validUntil }: Terms): string {
  return [
    `Permission for a video visit with ${clinician}, ${clinic}.`,
    "",
    "What I decided",
    `Video session: I allow it. ${clinician} and I see and hear each other.`,
    `Prescriptions: ${prescriptions(choices.prescriptions, clinician)}`,
    `Files: ${files(choices.files, clinician)}`,
    "",
    "What is recorded",
    "That the visit took place, when it began and ended, each prescription and each file. Never sound or picture.",
    "The ledger keeps a fingerprint of each, which nobody can turn back into words. The content itself is locked for the two of us.",
    "",
    "For how long",
    `Until ${utc(validUntil)} (world time, UTC). I can take this permission back at any time; from then on nothing more is recorded. What was recorded by then stays.`,
    "",
    "Who can see it",
    `${clinician} and I. ${clinic} sees that something was recorded, not what it says. Each time one of us opens it, that is noted.`,
    "",
    "Text version 1.",
  ].join("\n");
}

export const termsHash = (text: string): Promise<string> => sha256(new TextEncoder().encode(text));

/** A permission must not run out in the middle of a visit, however late in the evening it begins. */
const LEAST_SECONDS = 4 * 60 * 60;
/** Clocks differ a little: a permission begins this much before it was signed. */
const EARLIER_SECONDS = 60;

/** From just before now until the local day ends, and at least four hours. In seconds. */
export function windowFrom(now: Date): { validFrom: number; validUntil: number } {
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1);
  const at = Math.floor(now.getTime() / 1000);
  return {
    validFrom: at - EARLIER_SECONDS,
    validUntil: Math.max(Math.floor(midnight.getTime() / 1000), at + LEAST_SECONDS),
  };
}

function prescriptions(choice: Choice, clinician: string): string {
  const says = {
    allow: `I allow them. ${clinician} may write me prescriptions in this visit.`,
    ask: `ask me each time. ${clinician} may write one, and it counts only after I approve exactly that one.`,
    deny: "I don’t allow them. None can be recorded in this visit.",
  } as const satisfies Record<Choice, string>;
  return says[choice];
}

function files(choice: Choice, clinician: string): string {
  const says = {
    allow: `I allow them. ${clinician} and I may share files and photos in this visit.`,
    ask: `ask me each time. I may share files and photos; one from ${clinician} counts only after I approve it.`,
    deny: "I don’t allow them. None can be recorded in this visit.",
  } as const satisfies Record<Choice, string>;
  return says[choice];
}

/** `22 November 2026, 23:00`: the same on every machine, whatever its language and zone. */
export function utc(seconds: number): string {
  const at = new Date(seconds * 1000);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${at.getUTCDate()} ${months[at.getUTCMonth()]} ${at.getUTCFullYear()}, ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
}

const months = "January February March April May June July August September October November December".split(" ");
