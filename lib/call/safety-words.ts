import { wordlist } from "@scure/bip39/wordlists/english.js";
import { linesDigest, type Nonces, type SafetyAbout } from "./safety.ts";

const WORDS = 4;
const BITS = 11n;

/** Four of 2,048 words, 44 bits: one guess in 17 million million. Loaded when they are shown; the list alone is 13 KB. */
export function safetyWords({ visit, clinician, patient }: SafetyAbout, nonces: Nonces): string[] {
  const sides = [clinician.signer, patient.signer, clinician.fingerprint, patient.fingerprint];
  let rest = BigInt(linesDigest("assent/1/safety/words", visit, ...sides, nonces.clinician, nonces.patient));
  return Array.from({ length: WORDS }, () => {
    const word = wordlist[Number(rest & ((1n << BITS) - 1n))];
    rest >>= BITS;
    return word as string;
  });
}
