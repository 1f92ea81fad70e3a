import { expect, test } from "vitest";
import type { Look } from "@/lib/records/looks.ts";
import { lookInWords } from "./looks-words.ts";

const called = { clinic: "Riverside Practice", clinician: "Dr. Esi Osei" };
const look = (more: Partial<Look>): Look => ({
  number: 1,
  at: "2026-11-23T09:00:00.000Z",
  who: "doctor",
  name: null,
  action: "record.read",
  object: null,
  kind: "prescription",
  consent: `0x${"1".repeat(64)}`,
  refusal: null,
  ...more,
});
const said = (more: Partial<Look>) => {
  const words = lookInWords(look(more), called);
  return words && `${words.who} ${words.did} ${words.why}`;
};

test("who looked reads as a sentence with its reason", () => {
  expect(said({})).toBe("Dr. Esi Osei opened your prescription. Allowed by your permission.");
  expect(said({ action: "file.read", kind: null, who: "you" })).toBe(
    "You opened your file. From one of your own devices.",
  );
  expect(said({ action: "access.refused", who: "staff", refusal: "visit.not-found" })).toBe(
    "Someone at Riverside Practice tried to open something of your visit. Refused: only Dr. Osei and you may.",
  );
  expect(said({ action: "audit.read", who: "staff", consent: null })).toMatch("without its content");
});

test("whom the patient let read is called by name, and refused by it", () => {
  const reader = { who: "reader", name: "Dr. Paula Mendes" } as const;
  expect(said(reader)).toBe("Dr. Paula Mendes opened your prescription. Allowed: you shared it.");
  expect(said({ ...reader, action: "share.refused", kind: null, refusal: "share.over" })).toBe(
    "Dr. Paula Mendes tried to open what you had shared. Refused: you don’t share it any more.",
  );
});

test("what a page asked for by itself is said to be automatic", () => {
  expect(lookInWords(look({ action: "record.listed" }), called)?.automatic).toBe(true);
  expect(lookInWords(look({}), called)?.automatic).toBe(false);
});

test("what was signed, begun or ended is no look", () => {
  for (const action of ["consent.granted", "visit.ended", "record.added", "call.entered"] as const)
    expect(said({ action })).toBeNull();
});

test("who held the paper of a prescription is told, and so is a second try", () => {
  const paper = { who: "anyone", action: "prescription.dispensed" } as const;
  expect(said(paper)).toBe(
    "Someone with the paper marked your prescription as dispensed. Allowed: they had the code that is printed on it.",
  );
  expect(said({ ...paper, refusal: "prescription.dispensed" })).toBe(
    "Someone with the paper tried to dispense your prescription. Refused: it was dispensed before.",
  );
});
