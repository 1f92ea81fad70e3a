import { expect, test } from "vitest";
import { scopesOf } from "../consent/grant.ts";
import { guestTermsText } from "../consent/guest-terms.ts";
import { termsHash, termsText } from "../consent/terms.ts";
import { digestOf } from "../consent/typed-data.ts";
import { ana, consent as bare, drOsei, type Key, ledger, mallory, NOW, word } from "../ledger/people.fixture.ts";
import type { Permission } from "./permission.ts";
import { permissionsOf, signersOf } from "./signers.ts";

const visit = bare.visit;
const terms = { clinic: "Riverside Practice", clinician: "Dr. Esi Osei" };
const { validUntil } = bare;
const choices = { video: "allow", prescriptions: "deny", files: "deny" } as const;
/** What the doctor's and a guest's permission say; what they allow is alike here. */
const ofTheDoctor = await termsHash(termsText({ ...terms, choices, validUntil, version: 1 }));
const ofAGuest = (until = validUntil) =>
  termsHash(guestTermsText({ ...terms, role: "interpreter", validUntil: until, version: 1 }));
const consent = { ...bare, scopes: scopesOf(choices), terms: ofTheDoctor };
const toMaria = { grantee: mallory.address, terms: await ofAGuest() };
const guest = "9".repeat(32);
const signed = (change: Partial<typeof consent>, by: Key = ana) => {
  const one = { ...consent, ...change };
  return { consent: one, signature: by.sign(digestOf("Consent", one, ledger)) };
};
const ofDoctor: Permission = { member: "clinician", ...signed({}) };
const named = async (...permissions: Permission[]) => [
  ...(await signersOf({ ledger, visit, permissions, terms, at: NOW })),
];
const guestBy = async (permission: ReturnType<typeof signed>) =>
  new Map(await named(ofDoctor, { member: guest, ...permission })).get(guest);

test("the patient's own signature names doctor, patient and guests", async () => {
  const guests = [
    { id: guest, consent: { ...signed({ ...toMaria }), state: "live" as const } },
    { id: "8".repeat(32), consent: null },
  ];
  const permissions = permissionsOf({ consent: { ...signed({}), state: "live" }, guests });
  expect(new Map(await named(...permissions))).toEqual(
    new Map([
      ["patient", ana.address],
      ["clinician", drOsei.address],
      [guest, mallory.address],
    ]),
  );
});

test("a guest whom the patient did not allow has no key", async () => {
  expect(await guestBy(signed({ ...toMaria }, mallory))).toBeUndefined();
  expect(await guestBy(signed({ ...toMaria, patient: mallory.address }, mallory))).toBeUndefined();
  expect(await guestBy(signed({ ...toMaria, visit: word("77") }))).toBeUndefined();
});

test("a permission that was made up names nobody", async () => {
  const made = [
    { ...signed({}), consent: { ...consent, grantee: mallory.address } },
    signed({}, mallory),
    signed({ visit: word("77") }),
  ];
  for (const one of made) expect(await named({ member: "clinician", ...one })).toEqual([]);
  expect([
    ...(await signersOf({ ledger: { ...ledger, chainId: "1" }, visit, permissions: [ofDoctor], terms, at: NOW })),
  ]).toEqual([]);
  // Nobody is given a permission to be the patient, and without the doctor's there is none to speak of.
  expect(new Map(await named(ofDoctor, { member: "patient", ...signed({ ...toMaria }) })).get("patient")).toBe(
    ana.address,
  );
  expect(await named({ member: guest, ...signed({ ...toMaria }) })).toEqual([]);
});

test("a permission that was taken back, is over or ran out names nobody", async () => {
  const live = { ...signed({}), state: "live" } as const;
  const ofGuest = signed({ ...toMaria });
  for (const state of ["revoked", "ended"] as const) {
    expect(permissionsOf({ consent: live, guests: [{ id: guest, consent: { ...ofGuest, state } }] })).toEqual([
      ofDoctor,
    ]);
    expect(permissionsOf({ consent: { ...live, state }, guests: [] })).toEqual([]);
  }
  const shorter = { member: guest, ...signed({ ...toMaria, terms: await ofAGuest(NOW), validUntil: NOW }) };
  const namedAt = (at: number) => signersOf({ ledger, visit, permissions: [ofDoctor, shorter], terms, at });
  expect((await namedAt(NOW)).get(guest)).toBe(mallory.address);
  expect([...(await namedAt(NOW + 1)).keys()]).toEqual(["clinician", "patient"]);
  expect((await namedAt(consent.validUntil + 1)).size).toBe(0);
});

test("a guest's permission makes nobody the doctor, and the doctor's no guest, whatever the server calls it", async () => {
  const ofGuest = signed(toMaria);
  expect(await named({ member: "clinician", ...ofGuest })).toEqual([]);
  expect(await named({ member: "clinician", ...ofGuest }, { member: guest, ...signed({}) })).toEqual([]);
  expect(await guestBy(signed({ grantee: mallory.address }))).toBeUndefined();
  // Nor is more allowed to a guest than the text says.
  expect(await guestBy(signed({ ...toMaria, scopes: bare.scopes }))).toBeUndefined();
  expect(await guestBy(ofGuest)).toBe(mallory.address);
});
