import { expect, test } from "vitest";
import { digestOf } from "../consent/typed-data.ts";
import { ana, consent, drOsei, grant, type Key, ledger, mallory, word } from "../ledger/people.fixture.ts";
import { signersOf } from "./signers.ts";

const visit = consent.visit;
const guest = "9".repeat(32);
const signed = (change: Partial<typeof consent>, by: Key = ana) => {
  const one = { ...consent, ...change };
  return { consent: one, signature: by.sign(digestOf("Consent", one, ledger)) };
};
const guestBy = (permission: ReturnType<typeof signed> | null) =>
  signersOf({ ledger, visit, permission: grant, guests: [{ id: guest, consent: permission }] }).get(guest);

test("the patient's own signature names doctor, patient and guests", () => {
  const signers = signersOf({
    ledger,
    visit,
    permission: grant,
    guests: [{ id: guest, consent: signed({ grantee: mallory.address }) }],
  });
  expect([...signers]).toEqual([
    ["patient", ana.address],
    ["clinician", drOsei.address],
    [guest, mallory.address],
  ]);
});

test("a guest whom the patient did not allow has no key", () => {
  expect(guestBy(null)).toBeUndefined();
  expect(guestBy(signed({ grantee: mallory.address }, mallory))).toBeUndefined();
  expect(guestBy(signed({ grantee: mallory.address, patient: mallory.address }, mallory))).toBeUndefined();
  expect(guestBy(signed({ grantee: mallory.address, visit: word("77") }))).toBeUndefined();
});

test("a permission that was made up names nobody", () => {
  const made = [
    { ...grant, consent: { ...consent, grantee: mallory.address } },
    signed({}, mallory),
    signed({ visit: word("77") }),
  ];
  for (const permission of made) expect(signersOf({ ledger, visit, permission, guests: [] }).size).toBe(0);
  const elsewhere = { ...ledger, chainId: "1" };
  expect(signersOf({ ledger: elsewhere, visit, permission: grant, guests: [] }).size).toBe(0);
});
