import { beforeAll, expect, test } from "vitest";
import { clinicianKeys, type Keys, newSeed } from "../keyring/keyring.ts";
import { openSealed, sealFor } from "../keyring/sealed.ts";
import { cardHolds } from "../keyring/signature.ts";
import { deviceKeys, newKey, voucherHolds } from "./device.ts";

let person: Keys;
let laptop: Keys;
let phone: Keys;
beforeAll(async () => {
  person = await clinicianKeys(newSeed());
  laptop = await deviceKeys(person, await clinicianKeys(newSeed()));
  phone = await deviceKeys(person, await clinicianKeys(newSeed()));
});

test("each device signs with a key of its own, which the kit doesn't have, and all open what was sealed to the person", async () => {
  expect(new Set([person.signer, laptop.signer, phone.signer]).size).toBe(3);
  const sealed = await sealFor([laptop.recipient], { says: "hello" });
  for (const keys of [person, laptop, phone]) expect(await openSealed(keys, sealed)).toEqual({ says: "hello" });
  expect([laptop.card, phone.card].map(cardHolds)).toEqual([true, true]);
});

test("a device's key is vouched for by the person, with its name, and by nobody in their place", async () => {
  const brought = await newKey(person, phone, "Safari on iPhone");
  expect(voucherHolds(brought)).toBe(true);
  const stranger = await clinicianKeys(newSeed());
  const others = [
    { ...brought, device: "Chrome on Windows" },
    { ...brought, person: stranger.signer },
    { ...brought, card: laptop.card },
    { ...brought, card: { ...brought.card, recipient: stranger.recipient } },
    { ...brought, voucher: (await newKey(stranger, phone, brought.device)).voucher },
  ];
  expect(others.map(voucherHolds)).toEqual(others.map(() => false));
});
