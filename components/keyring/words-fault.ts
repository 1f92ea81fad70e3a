import { faultOf } from "@/lib/keyring/words.ts";

/** Which word is wrong and what to say about it. */
export interface WordFault {
  at: number;
  says: string;
}

/** What is wrong with all of them together. */
export interface KitFault {
  title: string;
  says: string;
}

/** The fault of one word that was left; null while it is empty or in the list. */
export function faultAt(words: readonly string[], at: number): WordFault | null {
  const word = words[at];
  const found = word ? faultOf([word]) : null;
  return word && found?.is === "unknown-word" ? { at, says: saysUnknown(word, found.near) } : null;
}

/** The first fault of the twelve words, or of all of them; null when they are a kit. */
export function faultIn(words: readonly string[]): WordFault | KitFault | null {
  const empty = words.indexOf("");
  if (empty >= 0) return { at: empty, says: "This word is missing" };
  const found = faultOf(words);
  if (found === null) return null;
  if (found.is === "unknown-word") return { at: found.at, says: saysUnknown(words[found.at] ?? "", found.near) };
  return {
    title: "These words don’t belong together",
    says: "Each is in the list, but not in this order. Look for two that changed places, or a word that was misread.",
  };
}

function saysUnknown(word: string, near: readonly string[]): string {
  const said = near.length > 0 ? ` Did you mean ${listed(near)}?` : "";
  return `“${word}” is not in the list.${said}`;
}

function listed(words: readonly string[]): string {
  return new Intl.ListFormat("en-GB", { type: "disjunction" }).format(words);
}
