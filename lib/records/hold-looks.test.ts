import { describe, expect, it } from "vitest";
import type { Entry } from "../audit/entry.ts";
import { pseudonymOf } from "../visits/pseudonym.ts";
import { holdLooks } from "./hold-looks.ts";
import type { Look } from "./looks.ts";

const signer = `0x${"a1".repeat(20)}`;
const consent = `0x${"c0".repeat(32)}`;
const record = `0x${"5e".repeat(32)}`;

const entry = (number: number, over: Partial<Entry> = {}): { entry: Entry; proof: string[] } => ({
  entry: {
    number,
    at: `2026-11-20T10:00:${String(number).padStart(2, "0")}.000Z`,
    actor: { is: "staff", id: "osei" },
    action: "record.read",
    visitId: "v",
    ofVisit: null,
    object: record,
    consent,
    refusal: null,
    detail: { kind: "prescription" },
    salt: `0x${"00".repeat(16)}`,
    previous: consent,
    hash: consent,
    ...over,
  },
  proof: [],
});
const lines = [
  entry(1, { action: "visit.created", object: null, consent: null, detail: {} }),
  entry(3),
  entry(4, { actor: { is: "staff", id: "reader" } }),
  entry(6, { actor: { is: "patient", id: pseudonymOf(signer) } }),
  entry(9, { actor: { is: "nobody", id: "" }, refusal: "consent.not-live" }),
  // Reading the list, and what came after.
  entry(10, { actor: { is: "patient", id: pseudonymOf(signer) }, action: "looks.read", object: null, detail: {} }),
  entry(11),
];
const look = (number: number, who: Look["who"], over: Partial<Look> = {}): Look => {
  const { at, action, object, consent, refusal, detail } = lines.find(({ entry }) => entry.number === number)!.entry;
  const kind = detail.kind === "prescription" ? "prescription" : null;
  return { number, at, who, name: null, action, object, kind, consent, refusal, ...over };
};
const shown = [look(9, "anyone"), look(6, "you"), look(4, "reader"), look(3, "doctor"), look(1, "doctor")];
const held = (looks: readonly Look[], logged = lines) => {
  const { wrong, hidden, readingLogged } = holdLooks(looks, { lines: logged }, signer);
  return { wrong: [...wrong], hidden, readingLogged };
};
const readingLogged = true;

describe("what a patient is shown of who looked, held to the log", () => {
  it("holds where it is what the log has", () => {
    expect(held(shown)).toEqual({ wrong: [], hidden: [], readingLogged });
  });

  it.each<[string, Partial<Look>, string]>([
    ["the doctor's look is told as somebody else's", { who: "staff" }, "who"],
    ["the patient is said to have looked", { who: "you" }, "who"],
    ["another thing was done", { action: "file.read" }, "what"],
    ["it was at another time", { at: "2026-11-20T10:00:04.000Z" }, "when"],
    ["it was about another record", { object: consent }, "about"],
    ["it was about another kind", { kind: "file-share" }, "about"],
    ["no permission is named", { consent: null }, "permission"],
    ["it is said to have been refused", { refusal: "consent.not-live" }, "refusal"],
  ])("is caught where %s", (_, change, part) => {
    const looks = shown.map((one) => (one.number === 3 ? { ...one, ...change } : one));
    expect(held(looks)).toEqual({ wrong: [[3, [part]]], hidden: [], readingLogged });
  });

  it("is caught where the log has no such line", () => {
    const made = { ...look(3, "doctor"), number: 5 };
    expect(held([...shown, made])).toEqual({ wrong: [[5, []]], hidden: [], readingLogged });
  });

  it("is caught where a line is left out, be it the newest, and what came since it was read is not asked for", () => {
    for (const left of [3, 9])
      expect(held(shown.filter(({ number }) => number !== left))).toEqual({ wrong: [], hidden: [left], readingLogged });
    expect(held([])).toEqual({ wrong: [], hidden: [1, 3, 4, 6, 9], readingLogged });
  });

  it("is caught where the log does not have that the patient read it", () => {
    const cut = lines.filter(({ entry }) => entry.number < 10);
    expect(held(shown, cut)).toEqual({ wrong: [], hidden: [], readingLogged: false });
  });
});
