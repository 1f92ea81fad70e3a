import * as z from "zod/mini";
import { keccakOfText } from "../keyring/keccak.ts";

/** Letters and digits that nobody confuses when reading aloud. */
const LETTERS = "23456789ABCDEFGHJKLMNPQRSTVWXYZ";

/** How the trail and the audit console name a visit's patient: `K7M-4QD`. Another in every visit, as the key is. */
export function pseudonymOf(signer: string): string {
  let rest = BigInt(keccakOfText(`assent/1/pseudonym\n${signer}`));
  let text = "";
  for (let i = 0; i < 6; i++) {
    text += LETTERS[Number(rest % BigInt(LETTERS.length))];
    rest /= BigInt(LETTERS.length);
  }
  return `${text.slice(0, 3)}-${text.slice(3)}`;
}

export const PatientCode = z.string().check(z.regex(/^[2-9A-HJ-NP-TV-Z]{3}-[2-9A-HJ-NP-TV-Z]{3}$/));

/** What somebody typed or pasted as a code, with or without its hyphen, in any case; null when it is none. */
export function patientCodeIn(text: string): string | null {
  const bare = text.replace(/[\s\-‐-―]/g, "").toUpperCase();
  return PatientCode.safeParse(`${bare.slice(0, 3)}-${bare.slice(3)}`).data ?? null;
}
