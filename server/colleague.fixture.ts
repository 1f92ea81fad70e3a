import { join } from "node:path";
import { eq } from "drizzle-orm";
import { signIn } from "../lib/auth/api.ts";
import { clinicianKeys, newSeed } from "../lib/keyring/keyring.ts";
import { Clinic, type Doctor, drOsei } from "./clinic.fixture.ts";
import { root } from "./config.ts";
import * as tables from "./storage/schema.ts";
import { openStorage } from "./storage/storage.ts";

export interface TwoDoctors {
  clinic: Clinic;
  osei: Doctor;
  mendes: Doctor;
}

/** A clinic with a second doctor, whose password is the first one's. */
export async function twoDoctors(hurry: { now?: () => Date } = {}): Promise<TwoDoctors> {
  const first = await Clinic.open();
  const { keys } = await drOsei(first);
  await first.close({ keep: true });
  const theirs = await clinicianKeys(newSeed());
  const storage = await openStorage(first.folder, join(root, "server/storage/migrations"));
  const [esi] = await storage.read.select().from(tables.user);
  const [account] = await storage.read.select().from(tables.account).where(eq(tables.account.userId, esi!.id));
  await storage.keepBooks(async (tx) => {
    const user = { id: "paula", name: "Dr. Paula Mendes", email: "paula@riverside.example", roles: "clinician" };
    await tx.insert(tables.user).values({ ...esi!, ...user });
    await tx.insert(tables.account).values({ ...account!, id: "paula", accountId: "paula", userId: "paula" });
    const { signer, recipient, binding } = theirs.card;
    const key = { signer, recipient, binding, credential: "", enrolledAt: new Date() };
    await tx.insert(tables.clinicianKey).values({ ...key, userId: "paula" });
  });
  await storage.close();
  const clinic = await Clinic.open(first.folder, {}, hurry);
  const signedIn = async (email: string) => {
    const browser = clinic.browser();
    const answer = await browser.ask(signIn, { email, password: "a long passphrase" });
    if (answer.status !== 200) throw new Error(answer.code);
    return browser;
  };
  return {
    clinic,
    osei: { browser: await signedIn("esi@riverside.example"), keys },
    mendes: { browser: await signedIn("paula@riverside.example"), keys: theirs },
  };
}
