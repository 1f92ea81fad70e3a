import { expect, test } from "vitest";
import type { LogStanding, Witness } from "@/lib/audit/api.ts";
import { haltWords, standingWords, witnessWords } from "./log-words.ts";

const now = new Date("2026-11-23T10:00:00Z");
const log: LogStanding = {
  signed: 348,
  signedAt: "2026-11-23T09:57:00.000Z",
  anchored: 348,
  halt: null,
  key: "",
  witnesses: [],
};
const witness: Witness = {
  id: "w",
  url: "https://notary.example",
  key: "notary.example+00000000+AAAA",
  addedAt: "2026-11-20T09:00:00.000Z",
  size: 349,
  cosignedAt: "2026-11-23T09:59:50.000Z",
  trouble: null,
};

test.each([
  [{}, "Sealed 3 minutes ago and anchored"],
  [{ anchored: 340 }, "Sealed 3 minutes ago · anchored up to line 340"],
  [{ anchored: null }, "Sealed 3 minutes ago · not anchored yet"],
  [{ signedAt: null }, "Nothing to seal yet"],
  [{ halt: { is: "unreadable" } as const }, "Not sealed any more"],
])("a log that is %j: %s", (change, words) => {
  expect(standingWords({ ...log, ...change }, now)).toBe(words);
});

test.each([
  [{ is: "shorter", known: "journal", size: 349, has: 340 } as const, "9 lines are missing"],
  [{ is: "shorter", known: "ledger", size: 341, has: 340 } as const, "what the ledger keeps: 1 line is missing"],
  [{ is: "other", known: "database", size: 349 } as const, "first 348 lines are not what the database says was signed"],
  [{ is: "changed", line: 12 } as const, "Line 12 of the log"],
  [{ is: "unreadable" } as const, "unreadable"],
])("what stopped it is said: %j", (halt, words) => {
  const said = haltWords(halt);
  expect(said.title).toContain(words);
  expect(said.text).toContain("docs/operate.md");
});

test.each([
  [{}, "Cosigned 348 lines a moment ago", false],
  [{ size: 0, cosignedAt: null }, "Has not cosigned yet", false],
  [{ trouble: "away" } as const, "does not cosign now", false],
  [{ trouble: "away", cosignedAt: "2026-11-01T00:00:00.000Z" } as const, "does not cosign now", true],
  [{ trouble: "knows-more" } as const, "more of this log than this server has", true],
  [{ trouble: "knows-another" } as const, "another log under this name", true],
])("a witness that is %j: %s", (change, words, worry) => {
  const said = witnessWords({ ...witness, ...change }, now);
  expect(said.text).toContain(words);
  expect(said.worry).toBe(worry);
});
