import { Worker } from "node:worker_threads";
import canonicalize from "canonicalize";
import { beforeAll, describe, expect, test } from "vitest";
import { consentId, digestOf, structHash } from "../../lib/consent/typed-data.ts";
import { randomHex } from "../../lib/keyring/bytes.ts";
import { newSeed, patientKeys } from "../../lib/keyring/keyring.ts";
import { sealFor } from "../../lib/keyring/sealed.ts";
import { commitmentOf } from "../../lib/records/commitment.ts";
import { sealRecord } from "../../lib/records/envelope.ts";
import { newPrescription, type Prescription } from "../../lib/records/prescription.ts";
import { bytes32, grant, person } from "../ledger/ledger.fixture.ts";
import type { Guessing, guess } from "./guess.fixture.ts";

/** 100 medications × 25 doses × 8 routes × 50 frequencies: a million, with the rest of the form known to the attacker. */
const medications = Array.from({ length: 100 }, (_, n) => `${["Amoxi", "Ceti", "Ibu", "Metfor", "Ome"][n % 5]}${n} mg`);
/** As they are written after the number. */
const doses = Array.from({ length: 25 }, (_, n) => `tablets of ${n + 1} mg`);
const routes = [
  "To swallow",
  "For the skin",
  "For the eyes",
  "For the ears",
  "For the nose",
  "To inhale",
  "To suck",
  "To inject",
];
const frequencies = Array.from({ length: 50 }, (_, n) => `${(n % 5) + 1} times every ${Math.floor(n / 5) + 1} days`);
const visit = randomHex(16).slice(2);
const ZERO = `0x${"00".repeat(32)}`;

const slip = "s".repeat(43);
/** The form with these four, and all else known to the attacker: even the slip, which is as long a secret as the salt. */
const written = (medication: string, dose: string, route: string, frequency: string): Prescription => ({
  ...newPrescription({
    items: [
      {
        medication,
        dose: { value: 1, unit: dose },
        route,
        frequency,
        duration: { value: 14, unit: "day" },
        quantity: { value: 28, unit: "" },
        refills: 0,
        instructions: "In the evening",
      },
    ],
    patient: "Ana Duarte",
    clinician: "Dr. Esi Osei",
    now: new Date("2026-11-23T09:00:00Z"),
    replaces: null,
  }),
  slip,
});

/** Twenty of the million, spread over all lists. */
const mine = Array.from({ length: 20 }, (_, n) =>
  written(medications[(n * 37) % 100]!, doses[(n * 7) % 25]!, routes[(n * 3) % 8]!, frequencies[(n * 11) % 50]!),
);

/** The canonical text with holes, checked against the product's own below. */
const HOLE = "␀";
function frameOf(): Guessing["frame"] {
  const content = written(HOLE, HOLE, HOLE, HOLE);
  const pieces = `assent/1/prescription\n${canonicalize({ content, visit })}`.split(HOLE);
  expect(pieces).toHaveLength(5);
  return pieces as Guessing["frame"];
}

/** On two threads: the doses are split. */
async function attack(commitments: string[], salts = [ZERO]): Promise<ReturnType<typeof guess>> {
  const half = Math.ceil(doses.length / 2);
  const answers = await Promise.all(
    [doses.slice(0, half), doses.slice(half)].map(
      (some) =>
        new Promise<ReturnType<typeof guess>>((resolve, reject) => {
          const about: Guessing = {
            frame: frameOf(),
            medications,
            doses: some,
            routes,
            frequencies,
            salts,
            commitments,
          };
          const worker = new Worker(new URL("./guess.fixture.ts", import.meta.url), { workerData: about });
          worker.once("message", resolve);
          worker.once("error", reject);
        }),
    ),
  );
  return { found: answers.flatMap(({ found }) => found), tried: answers.reduce((sum, { tried }) => sum + tried, 0) };
}

describe("T-COM1: somebody who guesses prescriptions", () => {
  let onLedger: string[];
  beforeAll(async () => {
    const { recipient } = await patientKeys(newSeed(), visit);
    const sealed = mine.map((content) => sealRecord({ visitId: visit, content, recipients: [recipient] }));
    onLedger = (await Promise.all(sealed)).map(({ commitment }) => commitment);
  });

  test("finds none of twenty in a million guesses, though each is among them and the visit is known; the same guesses find every one that has no salt", async () => {
    const unsalted = await Promise.all(mine.map((content) => commitmentOf({ visit, content, salt: ZERO })));
    const { found, tried } = await attack([...onLedger, ...unsalted]);
    expect(tried).toBe(1_000_000);
    expect(found.filter((one) => onLedger.includes(one))).toEqual([]);
    expect(new Set(found)).toEqual(new Set(unsalted));
  }, 120_000);

  test("who guesses right at once finds no salt among all that is public", async () => {
    const ledger = { chainId: "140737488355400", address: person().address };
    const [ana, doctor] = [person(), person()];
    const { consent, signature } = grant(ledger, ana, doctor);
    const id = consentId(consent);
    for (const [at, commitment] of onLedger.entries()) {
      const record = { consent: id, kind: 3, commitment, number: at + 1, signedAt: 1_795_000_000 };
      const words = [ZERO, bytes32(), id, consent.salt, consent.visit, consent.terms, structHash("Record", record)];
      words.push(
        commitment,
        digestOf("Record", record, ledger),
        signature.slice(0, 66),
        `0x${signature.slice(66, 130)}`,
      );
      words.push(...[ana, doctor, ledger].map(({ address }) => `0x${address.slice(2).padStart(64, "0")}`));
      words.push(`0x${visit.padStart(64, "0")}`, `0x${visit.padEnd(64, "0")}`);
      for (const salt of words) expect(await commitmentOf({ visit, content: mine[at]!, salt })).not.toBe(commitment);
    }
  });

  test("learns nothing from two records of the same content", () => {
    expect(new Set(onLedger).size).toBe(mine.length);
  });
});

describe("sizes", () => {
  test("of envelopes are the same for a short and a long prescription, and grow by whole steps", async () => {
    const { recipient } = await patientKeys(newSeed(), visit);
    const sizeOf = async (content: Prescription) =>
      Buffer.from((await sealRecord({ visitId: visit, content, recipients: [recipient] })).envelope, "base64").length;
    const short = written("A", "g", "B", "C");
    const about = (medication: string, instructions: string) => {
      const [request] = mine[0]!.requests;
      const [dosage] = request!.dosageInstruction;
      return {
        ...mine[0]!,
        requests: [
          {
            ...request!,
            medicationCodeableConcept: { text: medication },
            dosageInstruction: [{ ...dosage, patientInstruction: instructions }],
          },
        ],
      } satisfies Prescription;
    };
    const usual = about("Ünïcödé ☂ 500 mg".repeat(3), "Twice, with food. ".repeat(8));
    const long = { ...usual, requests: Array(3).fill(about("Long", "x".repeat(1_000)).requests[0]) };
    expect(await sizeOf(usual)).toBe(await sizeOf(short));
    expect(await sizeOf(long)).toBe((await sizeOf(short)) + 4096);
  });

  test("of sealed names and reasons are the same", async () => {
    const { recipient } = await patientKeys(newSeed(), visit);
    const sizes = new Set<number>();
    for (const name of ["", "Al", "Ana Duarte", "Ünïcödé ☂".repeat(12)])
      sizes.add((await sealFor([recipient], { name })).length);
    expect(sizes.size).toBe(1);
  });
});
