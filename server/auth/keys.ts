import { and, eq, isNull } from "drizzle-orm";
import type { Actor } from "../../lib/audit/entry.ts";
import { credentialOf } from "../../lib/auth/credential.ts";
import { voucherHolds } from "../../lib/auth/device.ts";
import type { NewKey } from "../../lib/auth/person.ts";
import { randomHex } from "../../lib/keyring/bytes.ts";
import { Refusal } from "../../lib/refusal.ts";
import type { Ledger } from "../ledger/ledger.ts";
import * as tables from "../storage/schema.ts";
import type { NewEntry, Writer } from "../storage/storage.ts";

const { clinicianKey } = tables;

/** Keeps what a browser brought. It signs nothing before it is enrolled. */
export async function keepKey(tx: Writer, userId: string, key: NewKey, now: Date): Promise<void> {
  if (!voucherHolds(key)) throw new Refusal("signature.wrong");
  const { card, device, person, voucher } = key;
  const kept = await tx
    .insert(clinicianKey)
    .values({ ...card, userId, device, person, voucher, askedAt: now })
    .onConflictDoNothing()
    .returning({ signer: clinicianKey.signer });
  // A key that was brought before is one person's, and one that was removed never comes back.
  if (kept.length === 0) throw new Refusal("key.moved-on");
}

/** The ledger takes what this key signs from now on. Throws `key.moved-on` for one that doesn't wait. */
export async function enrol(tx: Writer, ledger: Ledger, signer: string, by: Actor, now: Date): Promise<NewEntry> {
  const [key] = await tx
    .update(clinicianKey)
    .set({ enrolledAt: now, enrolledBy: by.id })
    .where(and(eq(clinicianKey.signer, signer), isNull(clinicianKey.enrolledAt), isNull(clinicianKey.removedAt)))
    .returning({ userId: clinicianKey.userId });
  if (!key) throw new Refusal("key.moved-on");
  const credentialSalt = randomHex(32);
  const credential = await credentialOf(key.userId, credentialSalt);
  const { id: actId } = await ledger.queue(tx, {
    call: { is: "enroll", clinician: signer, credential },
    object: signer,
  });
  return {
    actor: by,
    action: "key.enrolled",
    object: signer,
    actId,
    detail: { person: key.userId, credential, credentialSalt },
  };
}

/** Nothing that this key signs from now on counts, here or on the ledger. One that was never enrolled is only forgotten there. */
export async function remove(
  tx: Writer,
  ledger: Ledger,
  signer: string,
  { by, why }: { by: Actor; why: string },
  now: Date,
): Promise<NewEntry> {
  const [key] = await tx
    .update(clinicianKey)
    .set({ removedAt: now })
    .where(and(eq(clinicianKey.signer, signer), isNull(clinicianKey.removedAt)))
    .returning({ enrolledAt: clinicianKey.enrolledAt });
  if (!key) throw new Refusal("key.moved-on");
  const line = { actor: by, action: "key.removed", object: signer, detail: { why } } as const;
  if (!key.enrolledAt) return line;
  const { id: actId } = await ledger.queue(tx, { call: { is: "remove", clinician: signer }, object: signer });
  return { ...line, actId };
}
