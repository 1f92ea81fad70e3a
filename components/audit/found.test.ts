import { describe, expect, test } from "vitest";
import type { Checked } from "@/lib/audit/walk.ts";
import { foundLines, foundSessions } from "./found.ts";
import type { Verification } from "./verification.ts";

const checked = (number: number): [number, Checked] => [number, {} as Checked];
const tally = { lines: 3, holds: 2, changed: 0, pending: 0 };
const verification = {
  changed: new Map([checked(4), checked(17)]),
  waiting: new Map([checked(9)]),
  visits: new Map([
    ["a", { ...tally, changed: 1 }],
    ["b", tally],
    ["c", { ...tally, pending: 1 }],
  ]),
} as unknown as Verification;

describe("what a check found", () => {
  test("is lines that do not hold, newest first, or that wait", () => {
    expect(foundLines(verification, "fails")).toEqual([17, 4]);
    expect(foundLines(verification, "waiting")).toEqual([9]);
  });

  test("is the sessions of such lines", () => {
    expect(foundSessions(verification, "fails")).toEqual(["a"]);
    expect(foundSessions(verification, "waiting")).toEqual(["c"]);
  });

  test("is not asked for by what is no such word, and is nothing before a check", () => {
    expect(foundLines(verification, "holds")).toBeNull();
    expect(foundLines(null, "fails")).toBeNull();
    expect(foundSessions(null, "fails")).toBeNull();
  });
});
