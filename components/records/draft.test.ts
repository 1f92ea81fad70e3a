import { expect, test } from "vitest";
import { inWords } from "@/lib/records/in-words.ts";
import { draftOfItem, faultsOf, itemsIn, newItem } from "./draft.ts";

const written = { ...newItem(), medication: "Cetirizine 10 mg tablets", dose: "10 mg" };

test("every medicine must be whole before anything is signed", () => {
  expect(itemsIn({ items: [written, newItem()], replaces: null })).toBeNull();
  expect(itemsIn({ items: [written, { ...written, medication: "Ibuprofen" }], replaces: null })).toHaveLength(2);
});

test("a controlled substance is refused in whichever medicine it is, with the reason", () => {
  const morphine = { ...written, medication: "Morphine 10 mg" };
  expect(itemsIn({ items: [written, morphine], replaces: null })).toBeNull();
  expect(faultsOf(morphine).medication).toMatch("morphine: it is a controlled substance");
});

test.each([
  ["dose", "a lot", "How much"],
  ["dose", "10", "How much"],
  ["dose", "1,000 mg", "Without the comma"],
  ["quantity", "2,500 ml", "Without the comma"],
  ["duration", "for ever", "Days, weeks or months"],
  ["refills", "13", "0 to 12"],
  ["frequency", "?", "How often"],
] as const)("%s %j is asked again", (field, text, words) => {
  expect(faultsOf({ ...written, [field]: text })[field]).toMatch(words);
});

test("a medicine reads in three lines, and can be written anew from them", () => {
  const whole = { ...written, duration: "14 days", quantity: "14 tablets", refills: "1" };
  const [item] = itemsIn({ items: [whole], replaces: null })!;
  expect(inWords(item!)).toEqual({
    howMuch: "10 mg, by mouth",
    howOften: "Once a day, 14 days",
    youGet: "14 tablets, 1 refill",
  });
  expect(itemsIn({ items: [draftOfItem(item!)], replaces: null })).toEqual([item]);
});
