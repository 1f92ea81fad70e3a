import { expect, test } from "vitest";
import type { Sized } from "@/lib/audit/export.ts";
import { sizedWords } from "./export-words.ts";

test.each<[string, Partial<Sized>]>([
  ["1 line so far.", { lines: 1 }],
  ["1,000 lines so far.", { lines: 1_000 }],
  ["More than 1,000 lines.", { lines: 1_001, least: ["lines"] }],
  ["At least 340 lines.", { lines: 340, least: ["lines", "sessions"] }],
  ["None among the newest lines.", { lines: 0, least: ["lines"] }],
])("how much a file would have reads %s", (words, size) => {
  expect(sizedWords("csv", { lines: 0, sessions: 0, least: [], ...size })).toBe(words);
});

test("evidence is told in sessions", () => {
  expect(sizedWords("evidence", { lines: 1_001, sessions: 26, least: ["lines", "sessions"] })).toBe(
    "More than 25 sessions.",
  );
  expect(sizedWords("evidence", { lines: 1_001, sessions: 2, least: ["lines"] })).toBe("2 sessions so far.");
});
