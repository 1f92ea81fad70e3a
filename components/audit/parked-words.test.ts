import { expect, test } from "vitest";
import { consentLedgerAbi } from "@/lib/ledger/abi.ts";
import { wordsForContract } from "@/lib/strings/ledger.ts";
import { parkedWords } from "./parked-words.ts";

const nameless = parkedWords("SomethingOfTomorrow");

test("every reason the contract can give is told in words, with what to do", () => {
  const errors = consentLedgerAbi.flatMap((one) => (one.type === "error" ? [one.name] : []));
  expect(errors.length).toBeGreaterThan(20);
  for (const name of [...errors, "Malformed", "Reverted"]) {
    const { why, what } = parkedWords(name);
    expect([name, why]).not.toEqual([name, nameless.why]);
    expect([name, why.endsWith("."), what.endsWith(".")]).toEqual([name, true, true]);
  }
});

test("why the contract refused is told as everybody is told", () => {
  expect(parkedWords("ConsentIsRevoked").why).toBe(wordsForContract("ConsentIsRevoked"));
});

test("a reason nobody wrote words for is told honestly, also one that is a word of the language", () => {
  expect(nameless.why).toContain("no words");
  expect(parkedWords("toString")).toEqual(nameless);
});
