import fc from "fast-check";
import { expect, test } from "vitest";
import { seedOf, wordsOf } from "@/lib/keyring/words.ts";
import { answerFault, noWords, twoPlaces, typedInto } from "./typed-words.ts";
import { faultAt, faultIn } from "./words-fault.ts";

const kit = wordsOf(new Uint8Array(16).fill(7));

test.each([
  ["in a line", kit.join(" "), 0],
  ["one a line", kit.join("\n"), 0],
  ["with numbers, as on the paper", kit.map((word, at) => `${at + 1}. ${word}`).join("\r\n"), 0],
  ["in capitals with commas", kit.join(", ").toUpperCase(), 0],
  ["into a field in the middle", kit.join(" "), 7],
])("a whole kit pasted %s fills the twelve fields", (_, text, at) => {
  expect(typedInto(noWords(), at, text)).toEqual(kit);
});

test("a few words go on from their field, and what stood elsewhere stays", () => {
  const words = noWords().with(0, "river").with(11, "zoo");
  expect(typedInto(words, 10, "cart apple pear")).toEqual(words.with(10, "cart").with(11, "apple"));
  expect(typedInto(words, 3, " Apple")).toEqual(words.with(3, "apple"));
  expect(typedInto(words, 0, "")).toEqual(words.with(0, ""));
});

test("every kit that is typed as shown opens its own seed", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (seed) => {
      const typed = wordsOf(seed).reduce((words, word, at) => typedInto(words, at, word), noWords());
      expect(faultIn(typed)).toBeNull();
      expect(seedOf(typed)).toEqual(seed);
    }),
  );
});

test("the first wrong word is named, with what it may have been", () => {
  expect(faultIn(kit.with(4, "").with(9, "rivver"))).toEqual({ at: 4, says: "This word is missing" });
  expect(faultIn(kit.with(9, "rivver").with(10, "xx"))).toEqual({
    at: 9,
    says: "“rivver” is not in the list. Did you mean rival or river?",
  });
  expect(faultAt(kit.with(9, "rivver"), 9)?.at).toBe(9);
  expect(faultAt(noWords(), 3)).toBeNull();
  expect(faultAt(kit, 3)).toBeNull();
});

test("good words in another order are told apart from a wrong word", () => {
  expect(faultIn(kit.toReversed())).toMatchObject({ title: "These words don’t belong together" });
});

test("of every kit one word of each half is asked back", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 2, maxLength: 2 }), (bytes) => {
      const [first, last] = twoPlaces(bytes);
      expect(first).toBeLessThan(6);
      expect(last).toBeGreaterThanOrEqual(6);
      expect(last).toBeLessThan(12);
    }),
  );
});

test("an answer may have spaces and capitals, but must be the word", () => {
  expect(answerFault(" River ", "river", 3)).toBeNull();
  expect(answerFault("", "river", 3)).toBe("Type word 4 from your paper");
  expect(answerFault("rival", "river", 3)).toMatch(/not word 4/);
});
