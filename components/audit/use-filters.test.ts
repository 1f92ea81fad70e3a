import { describe, expect, test } from "vitest";
import { actionGroups } from "@/lib/audit/groups.ts";
import { patientCodeIn } from "@/lib/visits/pseudonym.ts";
import { unexportedWords } from "./export-words.ts";
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
    const revoked = exportAsked({ ...none, outcome: "revoked" }, "sessions");
    expect(revoked).toMatchObject({ filter: { outcome: "revoked" } });
    const ofPatient = exportAsked({ ...none, patient: "K7M-4QD" }, "events");
    expect(ofPatient).toMatchObject({ filter: { patient: "K7M-4QD" } });
    for (const more of [
      { act: "keys" },
      { result: "refused" },
      { doctor: "esi" },
      { record: "final" },
      { about: "0x01" },
      { numbers: "3" },
      { holds: "fails" },
    ])
      expect(exportAsked({ ...none, ...more }, "events")).toEqual({ clear: Object.keys(more) });
    expect(exportAsked({ ...none, holds: "fails" }, "sessions")).toEqual({ clear: ["holds"] });
  });

  test("that is not exported says what to clear", () => {
    expect(unexportedWords(["act"])).toBe("An export cannot be filtered by “Kind of act”. Clear this first.");
    expect(unexportedWords(["doctor", "act", "holds"])).toBe(
      "An export cannot be filtered by “Who”, “Kind of act” or “Show only …”. Clear these first.",
    );
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
