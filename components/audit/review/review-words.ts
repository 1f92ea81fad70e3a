import type { Reason, ReviewOutcome } from "@/lib/audit/review.ts";
import type { Disorder, Rule } from "@/lib/audit/unusual.ts";

/** What was found, and why it is worth a look. The bounds are those of lib/audit/unusual.ts. */
export const ruleWords = {
  elsewhere: {
    title: "Opened what is of another doctor’s visit",
    why: "Records, notes or files of a visit that is not theirs, and no share of the patient’s let them.",
  },
  "long-over": {
    title: "Opened an old visit",
    why: "It was over for more than 90 days, and its patient had not asked that it is erased.",
  },
  night: {
    title: "Opened past visits at night",
    why: "Between 22:00 and 06:00 by the practice’s clock, and not of a visit of the same day.",
  },
  many: {
    title: "Opened many visits in an hour",
    why: "Records, notes or files of 20 visits or more within one hour.",
  },
  refused: {
    title: "Refused again and again",
    why: "One person was refused 10 times or more within an hour.",
  },
  link: {
    title: "A link was refused again and again",
    why: "Somebody without a name tried 5 times or more within an hour.",
  },
  "sign-in": {
    title: "Sign-ins were refused again and again",
    why: "10 times or more within an hour, whoever it was.",
  },
  order: { title: "Out of order", why: "Lines in an order that this server does not allow." },
} as const satisfies Record<Rule, { title: string; why: string }>;

export const disorderWords = {
  "never-made": "A line of a visit of which no line says that it was made.",
  "no-permission": "It happened without a permission of the patient’s.",
  "not-admitted": "It happened before the patient was admitted.",
  twice: "It happened a second time, and can only happen once.",
  "after-end": "It happened after the visit’s end.",
  "after-erasure": "It happened after the visit was erased.",
} as const satisfies Record<Disorder, string>;

export const reasonWords = {
  expected: "Part of their work",
  agreed: "Agreed beforehand",
  slip: "A slip without harm",
  trial: "A trial of ours",
  other: "Another reason",
} as const satisfies Record<Reason, string>;

export const outcomeWords = {
  "in-order": "All in order",
  explained: "Explained",
  "put-right": "Put right",
  reported: "Reported further",
} as const satisfies Record<ReviewOutcome, string>;

const wordIn = (words: Record<string, string>, code: string | null): string =>
  code === null ? "" : Object.hasOwn(words, code) ? words[code]! : code;
/** From a row that somebody may have changed: a code nobody knows is told as it stands. */
export const reasonWord = (code: string | null) => wordIn(reasonWords, code);
export const outcomeWord = (code: string | null) => wordIn(outcomeWords, code);

/** `Mira Thoma dismissed it: Part of their work.` */
export function stepWords(
  { is, by, to, code }: { is: string; by: string; to: string | null; code: string | null },
  nameOf: (id: string) => string,
): string {
  const who = nameOf(by);
  if (is === "assign") return to === by ? `${who} took the review.` : `${who} gave the review to ${nameOf(to ?? "")}.`;
  if (is === "comment") return `${who} commented:`;
  if (is === "close") return `${who} closed the review: ${outcomeWord(code)}.`;
  if (is === "reopen") return `${who} opened the review again.`;
  if (is === "dismiss") return `${who} dismissed it: ${reasonWord(code)}.`;
  if (is === "restore") return `${who} took the dismissal back.`;
  return `${who}: ${is}`;
}
