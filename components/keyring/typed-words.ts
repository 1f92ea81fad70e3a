/** As many as a kit has. */
export const noWords = (): string[] => Array.from({ length: 12 }, () => "");

/**
 * The words after `text` stands in the field `at`. Several words go on into the fields after it; a whole kit fills them all,
 * wherever it was pasted. Numbers, commas and line ends between them are left out.
 */
export function typedInto(words: readonly string[], at: number, text: string): string[] {
  const typed = text.toLowerCase().split(/[^\p{L}]+/u);
  const several = typed.filter(Boolean);
  if (several.length < 2) return words.with(at, typed.join(""));
  const start = several.length < words.length ? at : 0;
  return words.map((word, place) => several[place - start] ?? word);
}

/** One place of the first six and one of the last, from two random bytes. */
export function twoPlaces([first = 0, last = 0]: Uint8Array): [number, number] {
  return [first % 6, 6 + (last % 6)];
}

/** What is wrong with a word typed back from the paper; null when it is the one. */
export function answerFault(answer: string, word: string, place: number): string | null {
  const typed = answer.trim().toLowerCase();
  if (typed === "") return `Type word ${place + 1} from your paper`;
  return typed === word ? null : `That is not word ${place + 1}. Please look at your paper again.`;
}
