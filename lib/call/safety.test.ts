import { expect, test } from "vitest";
import { randomHex } from "../keyring/bytes.ts";
import { commitmentTo, type Nonces, Safety, type SafetyAbout } from "./safety.ts";
import type { SafetyMessage } from "./safety-message.ts";
import { safetyWords } from "./safety-words.ts";

const visit = `0x${"10".repeat(32)}`;
const side = (byte: string) => ({ signer: `0x${byte.repeat(20)}`, fingerprint: `0x${byte.repeat(32)}` });
const doctor = side("d1");
const patient = side("a2");
const mallory = side("66");
const truth: SafetyAbout = { visit, clinician: doctor, patient };

interface Page {
  safety: Safety;
  said: SafetyMessage[];
  differ: number;
  words(): string[] | undefined;
}
function page(of: "clinician" | "patient", about: () => SafetyAbout | undefined = () => truth): Page {
  const made: Page = {
    said: [],
    differ: 0,
    safety: new Safety({
      side: of,
      about,
      say: (message) => made.said.push(message),
      changed: () => {},
      differ: () => {
        made.differ += 1;
      },
    }),
    words() {
      const { view } = made.safety;
      return view.is === "words" ? safetyWords(view.about, view.nonces) : undefined;
    },
  };
  return made;
}
/** Carries everything said until both are silent. */
function carry(d: Page, p: Page): void {
  while (d.said.length + p.said.length > 0) {
    for (const message of d.said.splice(0)) p.safety.hear(message);
    for (const message of p.said.splice(0)) d.safety.hear(message);
  }
}

test("both see the same four words, whoever opens the check, and other words each time", () => {
  const seen = new Set<string>();
  for (const opener of ["doctor", "patient"] as const) {
    for (let i = 0; i < 5; i += 1) {
      const [d, p] = [page("clinician"), page("patient")];
      (opener === "doctor" ? d : p).safety.open();
      carry(d, p);
      expect(d.words()).toHaveLength(4);
      expect(p.words()).toEqual(d.words());
      seen.add(String(d.words()));
    }
  }
  expect(seen.size).toBe(10);
});

test("every key, certificate, visit and nonce changes the words", () => {
  const nonces: Nonces = { clinician: `0x${"01".repeat(32)}`, patient: `0x${"02".repeat(32)}` };
  const abouts: SafetyAbout[] = [
    truth,
    { ...truth, visit: `0x${"11".repeat(32)}` },
    { ...truth, clinician: { ...doctor, signer: mallory.signer } },
    { ...truth, clinician: { ...doctor, fingerprint: mallory.fingerprint } },
    { ...truth, patient: { ...patient, signer: mallory.signer } },
    { ...truth, patient: { ...patient, fingerprint: mallory.fingerprint } },
    { ...truth, clinician: patient, patient: doctor },
  ];
  const words = abouts.map((about) => String(safetyWords(about, nonces)));
  words.push(String(safetyWords(truth, { ...nonces, clinician: nonces.patient })));
  words.push(String(safetyWords(truth, { clinician: nonces.patient, patient: nonces.clinician })));
  expect(new Set(words).size).toBe(words.length);
  expect(words[0]).toMatchInlineSnapshot(`"kiwi,wing,interest,shine"`);
});

/** How often she may try nonces against each pair of people. Enough to find the first word of 2,048 many times over. */
const TRIES = 40_000;
const PAIRS = 25;

/** The nonce for which `wordOf` is `wanted`, if it is found. */
function grind(wanted: string, wordOf: (nonce: string) => string): string | undefined {
  for (let i = 0; i < TRIES; i += 1) {
    const nonce = `0x${i.toString(16).padStart(64, "0")}`;
    if (wordOf(nonce) === wanted) return nonce;
  }
  return undefined;
}

/**
 * Mallory has her own key towards each of two people, and tries for alike words. She is content with the first of the
 * four, so that a test can see her win. `play` is her part towards
 * the doctor; it answers the doctor's first word.
 */
function attack(play: (atDoctor: SafetyAbout, wanted: string) => string | undefined): boolean {
  const p = page("patient", () => ({ visit, clinician: mallory, patient }));
  // Towards the patient she plays the doctor, and must commit before she hears the patient's nonce.
  const hers = randomHex(32);
  p.safety.hear({ is: "safety:committed", commitment: commitmentTo(hers) });
  p.safety.hear({ is: "safety:opened", nonce: hers });
  const wanted = p.words()?.[0] ?? "";
  return wanted !== "" && play({ visit, clinician: doctor, patient: mallory }, wanted) === wanted;
}
/** Towards the doctor she plays the patient, and looks for a nonce that makes the doctor's first word the wanted one. */
const search = (about: SafetyAbout, wanted: string, heard: string): string =>
  grind(wanted, (nonce) => safetyWords(about, { clinician: heard, patient: nonce })[0] ?? "") ?? randomHex(32);

const withCommitment = (about: SafetyAbout, wanted: string): string | undefined => {
  const d = page("clinician", () => about);
  d.safety.open();
  const [said] = d.said;
  const heard = said?.is === "safety:committed" ? said.commitment : "";
  d.safety.hear({ is: "safety:answered", nonce: search(about, wanted, heard) });
  return d.words()?.[0];
};
const withoutCommitment = (about: SafetyAbout, wanted: string): string | undefined => {
  const nonce = randomHex(32);
  return safetyWords(about, { clinician: nonce, patient: search(about, wanted, nonce) })[0];
};
const winsOf = (play: typeof withCommitment) =>
  Array.from({ length: PAIRS }, () => attack(play)).filter(Boolean).length;

test("T-K4: whoever stands between cannot make the words alike by trying, since the doctor's nonce is committed to", () => {
  expect(winsOf(withCommitment)).toBeLessThanOrEqual(1); // one blind guess of 2,048 a pair, for a quarter of the words
});

test("T-K4: without the commitment the same search makes them alike every time", () => {
  expect(winsOf(withoutCommitment)).toBe(PAIRS);
});

test("T-K4: a nonce other than the committed one is noticed, and shows no words", () => {
  const p = page("patient");
  p.safety.hear({ is: "safety:committed", commitment: commitmentTo(randomHex(32)) });
  p.safety.hear({ is: "safety:opened", nonce: randomHex(32) });
  expect(p.differ).toBe(1);
  expect(p.words()).toBeUndefined();
});

test("T-K4: guesses are few: a nonce is answered once, and rounds come to an end", () => {
  const d = page("clinician");
  d.safety.open();
  d.safety.hear({ is: "safety:answered", nonce: randomHex(32) });
  const words = d.words();
  d.safety.hear({ is: "safety:answered", nonce: randomHex(32) });
  expect(d.words()).toEqual(words);

  const p = page("patient");
  for (let i = 0; i < 1_000; i += 1) p.safety.hear({ is: "safety:committed", commitment: commitmentTo(randomHex(32)) });
  expect(p.said.filter((one) => one.is === "safety:answered").length).toBeLessThanOrEqual(30);
  for (let i = 0; i < 1_000; i += 1) {
    d.safety.hear({ is: "safety:closed" });
    d.safety.hear({ is: "safety:wanted" });
  }
  expect(d.said.filter((one) => one.is === "safety:committed").length).toBeLessThanOrEqual(30);
});

test("the patient's answer reaches the doctor; closing closes on both sides", () => {
  const [d, p] = [page("clinician"), page("patient")];
  d.safety.open();
  carry(d, p);
  p.safety.compared(true);
  carry(d, p);
  expect(d.safety.view).toMatchObject({ is: "words", match: true });
  expect([d.differ, p.differ]).toEqual([0, 0]);
  p.safety.compared(false);
  carry(d, p);
  expect([d.differ, p.differ]).toEqual([1, 1]);
  d.safety.close();
  carry(d, p);
  expect([d.safety.view, p.safety.view]).toEqual([{ is: "off" }, { is: "off" }]);
});

test("a new connection keeps the words, a new page makes new ones", () => {
  let seen: SafetyAbout | undefined = truth;
  const [d, p] = [page("clinician", () => seen), page("patient", () => seen)];
  d.safety.open();
  d.said.length = 0; // lost with the line
  d.safety.connected();
  carry(d, p);
  const words = d.words();
  expect(p.words()).toEqual(words);
  d.safety.connected();
  p.safety.connected();
  carry(d, p);
  expect(d.words()).toEqual(words);
  // The patient loaded the page again, and has a new certificate.
  seen = { ...truth, patient: { ...patient, fingerprint: mallory.fingerprint } };
  const again = page("patient", () => seen);
  d.safety.connected();
  carry(d, again);
  expect(again.words()).toEqual(d.words());
  expect(d.words()).not.toEqual(words);
});
