import { expect, test } from "vitest";
import type { Choices } from "./grant.ts";
import { type Terms, termsHash, termsText, windowFrom } from "./terms.ts";

const terms: Terms = {
  version: 1,
  clinic: "Riverside Practice",
  clinician: "Dr. Esi Osei",
  choices: { video: "allow", prescriptions: "ask", files: "allow" },
  validUntil: Date.UTC(2026, 10, 24, 23, 0) / 1000,
};

test("the text of version 1 never changes: a hash on the ledger must find it again years later", async () => {
  expect(await termsHash(termsText(terms))).toMatchInlineSnapshot(
    `"0x2700b9f28f826254904a944b56388db317a0537f3b9a47ba1716bef9ef0aa471"`,
  );
});

test("every choice, name and end reads differently, so no two permissions share a text", () => {
  const choices = (["allow", "ask", "deny"] as const).flatMap((prescriptions) =>
    (["allow", "ask", "deny"] as const).map((files): Choices => ({ video: "allow", prescriptions, files })),
  );
  const texts = [
    ...choices.map((one) => termsText({ ...terms, choices: one })),
    termsText({ ...terms, clinic: "Harbour Practice" }),
    termsText({ ...terms, clinician: "Dr. Liam Brandt" }),
    termsText({ ...terms, validUntil: terms.validUntil + 60 }),
  ];
  expect(new Set(texts).size).toBe(texts.length);
});

test("the text names its end in world time, whatever zone the machine is in", () => {
  expect(termsText(terms)).toContain("24 November 2026, 23:00 (world time, UTC)");
});

test("a permission lasts to the end of the local day, but never less than four hours", () => {
  const noon = new Date(2026, 10, 24, 12, 0, 0);
  expect(windowFrom(noon).validUntil).toBe(new Date(2026, 10, 25).getTime() / 1000);
  const late = new Date(2026, 10, 24, 23, 30, 0);
  expect(windowFrom(late).validUntil).toBe(late.getTime() / 1000 + 4 * 3600);
  expect(windowFrom(late).validFrom).toBe(late.getTime() / 1000 - 60);
});
