import { newKey } from "../lib/auth/device.ts";
import { acceptInvitation, enrolKey, invite } from "../lib/auth/people-api.ts";
import type { Role } from "../lib/auth/person.ts";
import { clinicianKeys, newSeed } from "../lib/keyring/keyring.ts";
import { newLink, tokenOf } from "../lib/visits/link.ts";
import { Clinic, type Doctor, drOsei } from "./clinic.fixture.ts";

export const password = "another long passphrase";

/** The admin invites somebody; resolves to what the link holds. */
export async function invited(
  admin: Doctor,
  email: string,
  { name = "Dr. Liam Brandt", roles = ["clinician"] }: { name?: string; roles?: Role[] } = {},
) {
  const { visitId: invitationId, secret, claimHash } = await newLink();
  const answer = await admin.browser.ask(invite, { id: invitationId, claimHash, name, email, roles });
  return { ...answer, invitationId, token: await tokenOf(secret), name };
}

/** Somebody who took an invitation: signed in, with a key that waits. */
export async function joined(clinic: Clinic, admin: Doctor, email: string, who: Parameters<typeof invited>[2] = {}) {
  const { invitationId, token, name } = await invited(admin, email, who);
  const browser = clinic.browser();
  const keys = await clinicianKeys(newSeed());
  const key = await newKey(keys, keys, "Chrome on Windows");
  const answer = await browser.ask(acceptInvitation, { invitationId, token, password, key });
  if (answer.status !== 200) throw new Error(answer.code);
  return { browser, keys, name, staff: answer.value };
}

/** The same, enrolled: another doctor of the clinic. */
export async function colleague(clinic: Clinic, admin: Doctor, email: string, who: Parameters<typeof invited>[2] = {}) {
  const doctor = await joined(clinic, admin, email, who);
  const answer = await admin.browser.ask(enrolKey, { signer: doctor.keys.signer, by: null });
  if (answer.status !== 200) throw new Error(answer.code);
  return doctor;
}

export interface TwoDoctors {
  clinic: Clinic;
  osei: Doctor;
  mendes: Doctor;
}

/** A clinic with a second doctor. */
export async function twoDoctors(hurry: { now?: () => Date } = {}): Promise<TwoDoctors> {
  const clinic = await Clinic.open(undefined, {}, hurry);
  const osei = await drOsei(clinic);
  const mendes = await colleague(clinic, osei, "paula@riverside.example", { name: "Dr. Paula Mendes" });
  return { clinic, osei, mendes };
}
