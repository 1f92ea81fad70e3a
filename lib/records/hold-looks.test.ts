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
  entry(2, { action: "share.granted", detail: { reader: "reader" } }),
  entry(4, { actor: { is: "staff", id: "reader" } }),
  entry(5, { actor: { is: "staff", id: "admin" }, action: "audit.read" }),
  entry(6, { actor: { is: "patient", id: pseudonymOf(signer) } }),
  entry(9, { actor: { is: "nobody", id: "" }, refusal: "consent.not-live" }),
  // Reading the list, and what came after.
  entry(7, { actor: { is: "patient", id: pseudonymOf(signer) }, action: "looks.read", detail: { nonce: "earlier" } }),
  entry(10, { actor: { is: "patient", id: pseudonymOf(signer) }, action: "looks.read", detail: { nonce: "now" } }),
  entry(11),
].sort((one, other) => one.entry.number - other.entry.number);
const look = (number: number, who: Look["who"], over: Partial<Look> = {}): Look => {
  const { at, action, object, consent, refusal, detail } = lines.find(({ entry }) => entry.number === number)!.entry;
  const kind = detail.kind === "prescription" ? "prescription" : null;
  return { number, at, who, name: null, action, object, kind, consent, refusal, ...over };
};
const shown = [
  look(9, "anyone"),
  look(7, "you"),
  look(6, "you"),
  look(5, "staff"),
  look(4, "reader", { name: "Dr. Mendes" }),
  look(3, "doctor"),
  look(2, "doctor"),
  look(1, "doctor"),
];
const held = (looks: readonly Look[], logged = lines) => {
  const { wrong, hidden, readingLogged } = holdLooks(looks, { lines: logged }, signer, "now");
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
    const made = { ...look(3, "doctor"), number: 8 };
    expect(held([...shown, made])).toEqual({ wrong: [[8, []]], hidden: [], readingLogged });
  });

  it("is caught where a line is left out, be it the newest, and what came since it was read is not asked for", () => {
    for (const left of [3, 9])
      expect(held(shown.filter(({ number }) => number !== left))).toEqual({ wrong: [], hidden: [left], readingLogged });
    expect(held([])).toEqual({ wrong: [], hidden: [1, 2, 3, 4, 5, 6, 7, 9], readingLogged });
  });

  it("is caught where it is the list of an earlier reading", () => {
    const earlier = shown.filter(({ number }) => number < 7);
    expect(held(earlier)).toEqual({ wrong: [], hidden: [7, 9], readingLogged });
  });

  it("is caught where somebody is passed off as a reader whom the patient let in", () => {
    const changed = (number: number, change: Partial<Look>) =>
      held(shown.map((one) => (one.number === number ? { ...one, ...change } : one))).wrong;
    expect(changed(5, { who: "reader", name: "Dr. Mendes" })).toEqual([[5, ["who"]]]);
    expect(changed(4, { who: "staff", name: null })).toEqual([[4, ["who"]]]);
    const logged = [...lines.slice(0, -2), entry(8, { actor: { is: "staff", id: "reader" } }), ...lines.slice(-2)];
    const two = { ...look(4, "reader", { name: "Dr. Brandt" }), number: 8, at: logged.at(-3)!.entry.at };
    expect(held([...shown, two], logged).wrong).toEqual([[8, ["who"]]]);
  });

  it("is caught where the log does not have that the patient read it", () => {
    const cut = lines.filter(({ entry }) => entry.number < 10);
    expect(held(shown, cut)).toEqual({ wrong: [], hidden: [], readingLogged: false });
  });
});
