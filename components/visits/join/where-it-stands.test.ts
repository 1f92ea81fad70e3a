import { expect, test } from "vitest";
import { whereItStands } from "./where-it-stands.ts";

const asking = { state: "asking", role: "interpreter" } as const;
const at = "2026-11-24T14:00:00.000Z";

test.each([
  [
    "the patient asked: first the doctor agrees",
    { ...asking, askedBy: "patient", acceptedAt: null },
    /The patient would like.*First Dr. Osei agrees/,
  ],
  [
    "the doctor asked: the patient is next",
    { ...asking, askedBy: "clinician", acceptedAt: at },
    /Dr. Osei has asked.*patient allows/,
  ],
  [
    "the patient asked and the doctor agreed",
    { ...asking, askedBy: "patient", acceptedAt: at },
    /Dr. Osei agreed.*patient allows/,
  ],
  [
    "in another role than the doctor's link was for",
    { ...asking, askedBy: "clinician", acceptedAt: null },
    /link was for another role than interpreter.*First Dr. Osei agrees/,
  ],
] as const)("who waits is told whose yes is next, and why: %s", (_, join, says) => {
  const { title, text } = whereItStands(join, "Dr. Osei");
  expect(text).toMatch(says);
  expect(title).toBe(join.acceptedAt ? "Waiting for the patient’s yes" : "Waiting for Dr. Osei’s yes");
});

test("whom the patient let in waits for the doctor to open the visit", () => {
  const allowed = { ...asking, state: "allowed", askedBy: "patient", acceptedAt: at } as const;
  expect(whereItStands(allowed, "Dr. Osei").text).toMatch(/as soon as Dr. Osei opens/);
});
