import { entropyToMnemonic, mnemonicToEntropy } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";

/** The recovery kit: twelve BIP-39 words for a seed of 128 bits. Loaded only where words are shown or asked. */
export function wordsOf(seed: Uint8Array): string[] {
  return entropyToMnemonic(seed, wordlist).split(" ");
}

type WordsFault = { is: "unknown-word"; at: number; near: string[] } | { is: "wrong-count" } | { is: "wrong-check" };

/** The words' fault, or null when they are a kit. */
export function faultOf(words: readonly string[]): WordsFault | null {
  const at = words.findIndex((word) => !wordlist.includes(word));
  if (at >= 0) {
    const start = (words[at] ?? "").slice(0, 3);
    return {
      is: "unknown-word",
      at,
      near: start === "" ? [] : wordlist.filter((word) => word.startsWith(start)).slice(0, 4),
    };
  }
  if (words.length !== 12) return { is: "wrong-count" };
  try {
    mnemonicToEntropy(words.join(" "), wordlist);
    return null;
  } catch {
    return { is: "wrong-check" };
  }
}

/** The seed behind twelve words. Throws when `faultOf` finds a fault. */
export function seedOf(words: readonly string[]): Uint8Array {
  return mnemonicToEntropy(words.join(" "), wordlist);
}
