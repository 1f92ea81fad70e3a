import { faultOf } from "@/lib/keyring/words.ts";

/** What a printed kit's QR code says. Words and no address: a camera that reads it opens nothing and sends it nowhere. */
const START = "Assent recovery kit";

export const kitCode = (words: readonly string[]): string => `${START}: ${words.join(" ")}`;

/** The words of a kit's code; null for any other. */
export function kitFrom(text: string): readonly string[] | null {
  if (!text.startsWith(`${START}: `)) return null;
  const words = text
    .slice(START.length + 2)
    .trim()
    .split(/\s+/);
  return faultOf(words) === null ? words : null;
}
