import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { ConsentView } from "@/lib/consent/grant.ts";
import { clinicianKeys, type Keys, newSeed, patientKeys } from "@/lib/keyring/keyring.ts";
import { acceptChangedKeys, assertKnownKey } from "@/lib/keyring/known.browser.ts";
import type { JoinView } from "@/lib/visits/api.ts";
import { assertKnown } from "./join/claim.ts";
import { assertKnownPatient } from "./known-patient.ts";

let drOsei: Keys;
let ana: Keys;
let server: Keys;
const id = "a".repeat(32);
beforeAll(async () => {
  [drOsei, ana, server] = await Promise.all([
    clinicianKeys(newSeed()),
    patientKeys(newSeed(), id),
    clinicianKeys(newSeed()),
  ]);
});
beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
  });
});

const consentOf = (patient: Keys, grantee: Keys) =>
  ({ consent: { patient: patient.signer, grantee: grantee.signer } }) as ConsentView;
const joinOf = (doctor: Keys["card"], consent: ConsentView | null = null) =>
  ({ clinician: { id: "osei", name: "Dr. Esi Osei", key: doctor }, consent }) as JoinView;
const visitOf = (patient: Keys["card"], consent: ConsentView | null = null) => ({
  id,
  patient: { ...patient, pseudonym: "K7M-4QD", details: null },
  consent,
});
/** Somebody's signer with the server's own key to seal to. */
const swapped = (of: Keys): Keys["card"] => ({ ...of.card, recipient: server.recipient });

test("T-K3: Ana's browser seals nothing to a key that was put in her doctor's place, in the invitation or in mid-visit", () => {
  expect(() => assertKnown(joinOf(swapped(drOsei)))).toThrow("vouch");
  assertKnown(joinOf(drOsei.card));
  // The next visit with the same doctor, and the same visit read once more.
  expect(() => assertKnown(joinOf(server.card))).toThrow("had another key");
  expect(() => assertKnown(joinOf(server.card, consentOf(ana, drOsei)))).toThrow("given to another");
  assertKnown(joinOf(drOsei.card, consentOf(ana, drOsei)));
});

test("T-K3: the doctor's browser seals nothing to a key that was put in the patient's place", () => {
  expect(() => assertKnownPatient(visitOf(swapped(ana)))).toThrow("not its signer’s");
  assertKnownPatient(visitOf(ana.card));
  expect(() => assertKnownPatient(visitOf(server.card))).toThrow("had another key");
  expect(() => assertKnownPatient(visitOf(server.card, consentOf(ana, drOsei)))).toThrow("another patient’s");
  assertKnownPatient(visitOf(ana.card, consentOf(ana, drOsei)));
});

test("a key that changed is taken once a person said that it is right, and only that one", () => {
  assertKnownKey("clinician/osei", drOsei.card);
  expect(() => assertKnownKey("clinician/osei", server.card)).toThrow("had another key");
  acceptChangedKeys();
  assertKnownKey("clinician/osei", server.card);
  expect(() => assertKnownKey("clinician/osei", ana.card)).toThrow("had another key");
});

test("a browser that keeps nothing still takes no key that nobody vouches for", () => {
  vi.stubGlobal("localStorage", {
    getItem: () => {
      throw new Error("denied");
    },
    setItem: () => {
      throw new Error("denied");
    },
  });
  assertKnownKey("clinician/osei", drOsei.card);
  expect(() => assertKnownKey("clinician/osei", swapped(drOsei))).toThrow("not its signer’s");
});
