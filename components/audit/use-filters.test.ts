import { describe, expect, test } from "vitest";
import { actionGroups } from "@/lib/audit/groups.ts";
import { patientCodeIn } from "@/lib/visits/pseudonym.ts";
import { actChoices } from "./filter-words.ts";
import { addressOf, eventsAsked, exportAsked, none, sessionsAsked } from "./use-filters.ts";

describe("an address", () => {
  test("has what is filtered by, and nothing else", () => {
    expect(addressOf(none)).toBe("/admin/audit");
    expect(addressOf({ ...none, tab: "events", patient: "K7M-4QD" })).toBe("/admin/audit?tab=events&patient=K7M-4QD");
  });

  test("that is wrong asks for nothing wrong", () => {
    const wrong = {
      ...none,
      from: "soon",
      patient: "Ana",
      record: "x",
      act: "x.y",
      result: "x",
      visit: "1",
      about: "2",
    };
    const asked = { ...eventsAsked(wrong), ...sessionsAsked({ ...wrong, kind: "x", outcome: "x", state: "x" }) };
    expect(Object.values(asked).every((value) => value === undefined)).toBe(true);
  });

  test("is exported as it is shown, or not at all", () => {
    expect(exportAsked({ ...none, outcome: "revoked" }, "sessions")).toMatchObject({ outcome: "revoked" });
    expect(exportAsked({ ...none, patient: "K7M-4QD" }, "events")).toMatchObject({ patient: "K7M-4QD" });
    for (const more of [
      { act: "keys" },
      { result: "refused" },
      { doctor: "esi" },
      { numbers: "3" },
      { holds: "fails" },
    ])
      expect(exportAsked({ ...none, ...more }, "events")).toBeNull();
  });

  test("means whole days of the reader", () => {
    const { from, to } = eventsAsked({ ...none, from: "2026-11-01", to: "2026-11-01" });
    expect(Date.parse(to!) - Date.parse(from!)).toBe(86_400_000);
  });
});

test.each([
  ["K7M-4QD", "K7M-4QD"],
  [" k7m4qd ", "K7M-4QD"],
  ["k7m 4qd", "K7M-4QD"],
  ["K7M–4QD", "K7M-4QD"],
  ["K7M-4Q", null],
  ["K7M-4QDD", null],
  ["KIM-4QD", null],
  ["", null],
])("“%s” is the code %s", (text, code) => {
  expect(patientCodeIn(text)).toBe(code);
});

test("every group of acts is there to choose, with its acts", () => {
  expect(actChoices.map(({ group }) => group)).toEqual(actionGroups);
  expect(actChoices.every(({ acts }) => acts.length > 0)).toBe(true);
});
