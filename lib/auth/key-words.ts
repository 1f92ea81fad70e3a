import { wordlist } from "@scure/bip39/wordlists/english.js";
import type { KeyCard } from "./person.ts";

const WORDS = 4;
const BITS = 11n;
/** Each word of a guess costs this much: nobody tries 17 million million keys until one has another's words. */
const ROUNDS = 600_000;

/**
 * Four words that only this key has: its owner reads them from the browser that made it, who enrols it from the server's
 * answer. Loaded when they are shown.
 */
export async function keyWords({ signer, recipient }: Pick<KeyCard, "signer" | "recipient">): Promise<string[]> {
  const text = new TextEncoder();
  const key = await crypto.subtle.importKey("raw", text.encode(`${signer}\n${recipient}`), "PBKDF2", false, [
    "deriveBits",
  ]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: text.encode("assent/1/key-words"), iterations: ROUNDS };
  const bits = new Uint8Array(await crypto.subtle.deriveBits(how, key, 64));
  let rest = bits.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return Array.from({ length: WORDS }, () => {
    const word = wordlist[Number(rest & ((1n << BITS) - 1n))];
    rest >>= BITS;
    return word as string;
  });
}
