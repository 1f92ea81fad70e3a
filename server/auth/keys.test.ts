import { rm } from "node:fs/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { deviceDigest, deviceKeys, newKey } from "../../lib/auth/device.ts";
import type { Role, Staff } from "../../lib/auth/person.ts";
import { clinicianKeys, type Keys, newSeed } from "../../lib/keyring/keyring.ts";
import { type House, openHouse } from "../ledger/ledger.fixture.ts";
import { makeAccount } from "./auth.ts";
import { openPeople, type People } from "./people.ts";

let house: House;
let people: People;

beforeEach(async () => {
  house = await openHouse();
  const { storage, ledger } = house;
  const endVisits = async () => ({ lines: [], told: () => undefined });
  people = openPeople({ storage, ledger, endVisits, dismiss: () => undefined, now: () => new Date() });
});
afterEach(async () => {
  await house.close();
  await rm(house.folder, { recursive: true, force: true });
});

/** Somebody with a session, as the server knows them at the door. */
async function staff(name: string, role: Role): Promise<Staff> {
  const email = `${name.toLowerCase()}@riverside.example`;
  const id = await house.storage.keepBooks((tx) =>
    makeAccount(tx, { name, email, password: "its hash", roles: [role] }, new Date()),
  );
  return { is: "staff", id, name, email, roles: [role], keys: [], person: null };
}

test("a key that was removed after its owner was let in with it enrols no other device", async () => {
  const admin = await staff("Esi", "admin");
  const liam = await staff("Liam", "clinician");
  const kit = await clinicianKeys(newSeed());
  const device = async () => deviceKeys(kit, await clinicianKeys(newSeed()));
  const bring = async (keys: Keys, name: string) => {
    const brought = await newKey(kit, keys, name);
    await people.bring(liam, brought);
    return brought;
  };
  const laptop = await device();
  await bring(laptop, "Chrome on Windows");
  await people.enrol(admin, laptop.signer, null);
  const phone = await device();
  const { card, device: name } = await bring(phone, "Safari on iPhone");
  const atTheDoor: Staff = { ...liam, keys: [laptop.card], person: kit.signer };
  const by = { signer: laptop.signer, voucher: await laptop.sign(deviceDigest(laptop.signer, card, name)) };

  await people.removeKey(admin, laptop.signer, "lost", null);
  await expect(people.enrol(atTheDoor, phone.signer, by)).rejects.toThrow("key.not-found");
  const { keys } = await people.ownKeys(liam);
  expect(keys.map(({ enrolledAt }) => enrolledAt !== null)).toEqual([false, true]);
}, 30_000);
