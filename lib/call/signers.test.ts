import { expect, test } from "vitest";
import { digestOf } from "../consent/typed-data.ts";
import { ana, consent, drOsei, grant, type Key, ledger, mallory, NOW, word } from "../ledger/people.fixture.ts";
import type { Permission } from "./permission.ts";
import { permissionsOf, signersOf } from "./signers.ts";

const visit = consent.visit;
const guest = "9".repeat(32);
const signed = (change: Partial<typeof consent>, by: Key = ana) => {
  const one = { ...consent, ...change };
  return { consent: one, signature: by.sign(digestOf("Consent", one, ledger)) };
};
const ofDoctor: Permission = { member: "clinician", ...signed({}) };
const named = (...permissions: Permission[]) => [...signersOf({ ledger, visit, permissions, at: NOW })];
const guestBy = (permission: ReturnType<typeof signed>) =>
  new Map(named(ofDoctor, { member: guest, ...permission })).get(guest);

test("the patient's own signature names doctor, patient and guests", () => {
  const { consent: given, signature } = grant;
  const guests = [
    { id: guest, consent: { ...signed({ grantee: mallory.address }), state: "live" as const } },
    { id: "8".repeat(32), consent: null },
  ];
  const permissions = permissionsOf({ consent: { consent: given, signature, state: "live" }, guests });
  expect(new Map(named(...permissions))).toEqual(
    new Map([
      ["patient", ana.address],
      ["clinician", drOsei.address],
      [guest, mallory.address],
    ]),
  );
});

test("a guest whom the patient did not allow has no key", () => {
  expect(guestBy(signed({ grantee: mallory.address }, mallory))).toBeUndefined();
  expect(guestBy(signed({ grantee: mallory.address, patient: mallory.address }, mallory))).toBeUndefined();
  expect(guestBy(signed({ grantee: mallory.address, visit: word("77") }))).toBeUndefined();
});

test("a permission that was made up names nobody", () => {
  const made = [
    { ...signed({}), consent: { ...consent, grantee: mallory.address } },
    signed({}, mallory),
    signed({ visit: word("77") }),
  ];
  for (const one of made) expect(named({ member: "clinician", ...one })).toEqual([]);
  expect([...signersOf({ ledger: { ...ledger, chainId: "1" }, visit, permissions: [ofDoctor], at: NOW })]).toEqual([]);
  // Nobody is given a permission to be the patient, and without the doctor's there is none to speak of.
  expect(new Map(named(ofDoctor, { member: "patient", ...signed({ grantee: mallory.address }) })).get("patient")).toBe(
    ana.address,
  );
  expect(named({ member: guest, ...signed({ grantee: mallory.address }) })).toEqual([]);
});

test("a permission that was taken back, is over or ran out names nobody", () => {
  const live = { ...signed({}), state: "live" } as const;
  const ofGuest = signed({ grantee: mallory.address });
  for (const state of ["revoked", "ended"] as const) {
    expect(permissionsOf({ consent: live, guests: [{ id: guest, consent: { ...ofGuest, state } }] })).toEqual([
      ofDoctor,
    ]);
    expect(permissionsOf({ consent: { ...live, state }, guests: [] })).toEqual([]);
  }
  const shorter = { member: guest, ...signed({ grantee: mallory.address, validUntil: NOW }) };
  const namedAt = (at: number) => signersOf({ ledger, visit, permissions: [ofDoctor, shorter], at });
  expect(namedAt(NOW).get(guest)).toBe(mallory.address);
  expect([...namedAt(NOW + 1).keys()]).toEqual(["clinician", "patient"]);
  expect(namedAt(consent.validUntil + 1).size).toBe(0);
});
