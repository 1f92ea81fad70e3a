import { expect, test } from "vitest";
import { clinicianKeys, newSeed } from "../keyring/keyring.ts";
import { keyWords } from "./key-words.ts";

test("a key has four words, always the same, and another key or another recipient has others", async () => {
  const [mine, theirs] = await Promise.all([clinicianKeys(newSeed()), clinicianKeys(newSeed())]);
  const words = await keyWords(mine.card);
  expect(words).toHaveLength(4);
  expect(await keyWords({ ...mine.card })).toEqual(words);
  expect(await keyWords(theirs.card)).not.toEqual(words);
  expect(await keyWords({ ...mine.card, recipient: theirs.recipient })).not.toEqual(words);
});
