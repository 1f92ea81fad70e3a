import { expect, test } from "vitest";
import { controlledIn } from "./controlled.ts";

test.each([
  ["Oxycodone 10 mg tablets", "oxycodone"],
  ["MORPHINE sulfate 10 mg/ml", "morphine"],
  ["Paracetamol/codeine 500/30", "codeine"],
  ["Ritalin", "ritalin"],
])("%s is refused as a controlled substance", (medication, name) => {
  expect(controlledIn(medication)).toBe(name);
});

test.each(["Cetirizine 10 mg tablets", "Ibuprofen 400 mg", "Amoxicillin", "Salbutamol inhaler"])(
  "%s can be prescribed",
  (medication) => {
    expect(controlledIn(medication)).toBeNull();
  },
);
