import { and, asc, eq, gt, isNull, ne, sql } from "drizzle-orm";
import { actorOf } from "../../lib/audit/actor.ts";
import { deviceDigest } from "../../lib/auth/device.ts";
import type { NewKey, Role, Staff } from "../../lib/auth/person.ts";
import { signedBy } from "../../lib/keyring/signature.ts";
import { Refusal } from "../../lib/refusal.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { isEnrolled } from "../storage/enrolled.ts";
import * as tables from "../storage/schema.ts";
import type { NewEntry, Storage, Writer } from "../storage/storage.ts";
import { rolesIn } from "./auth.ts";
import { keysOf } from "./key-views.ts";
import { enrol as enrolKey, keepKey, remove } from "./keys.ts";

const { user, clinicianKey, invitation, session, account } = tables;

export type People = ReturnType<typeof openPeople>;

/** Who works here, what they may do, and which keys sign for them. */
export function openPeople(options: {
  storage: Storage;
  ledger: Ledger;
  /** Ends what a doctor who leaves, or is none any more, had open, in the caller's transaction. `told` goes out once it is committed. */
  endVisits: (tx: Writer, clinicianId: string, at: Date) => Promise<{ lines: NewEntry[]; told: () => void }>;
  /** Closes their sockets. */
  dismiss: (staff: { is: "staff"; id: string }) => void;
  now: () => Date;
}) {
  const { storage, ledger, now } = options;

  async function list() {
    const people = await storage.read.select().from(user).orderBy(asc(user.createdAt), asc(user.id));
    const keys = await keysOf(storage.read);
    const open = await storage.read.select().from(invitation).where(gt(invitation.expiresAt, now()));
    return {
      people: people.map((one) => ({
        id: one.id,
        name: one.name,
        email: one.removedAt ? null : one.email,
        roles: rolesIn(one.roles),
        joinedAt: one.createdAt.toISOString(),
        seenAt: one.seenAt?.toISOString() ?? null,
        removedAt: one.removedAt?.toISOString() ?? null,
        keys: keys.get(one.id) ?? [],
      })),
      invitations: open.map(({ invitedAt, expiresAt, roles, id, name, email }) => ({
        ...{ id, name, email },
        roles: rolesIn(roles),
        invitedAt: invitedAt.toISOString(),
        expiresAt: expiresAt.toISOString(),
      })),
    };
  }

  const ownKeys = async (staff: Staff) => ({ keys: (await keysOf(storage.read, staff.id)).get(staff.id) ?? [] });

  function bring(staff: Staff, brought: NewKey) {
    return storage.transact(async (tx, finish) => {
      await keepKey(tx, staff.id, brought, now());
      return finish({ actor: actorOf(staff), action: "key.brought", object: brought.card.signer }, {});
    });
  }

  async function enrol(staff: Staff, signer: string, by: { signer: string; voucher: string } | null) {
    await storage.transact(async (tx, finish) => {
      const key = await keyThere(tx, signer);
      // Its owner needs more than a session: another of their keys, which whoever stole the password has not.
      const vouched = by && key.userId === staff.id && (await isOwn(tx, staff.id, by.signer));
      if (!vouched && !staff.roles.includes("admin")) throw new Refusal("key.not-found");
      if (by && !signedBy(by.signer, deviceDigest(by.signer, key, key.device), by.voucher))
        throw new Refusal("signature.wrong");
      return finish(await enrolKey(tx, ledger, signer, actorOf(staff), now()), null);
    });
    ledger.kick();
    return {};
  }

  /** Whoever has the device is out with it: the owner signs in again elsewhere, but where they just said so. */
  async function removeKey(staff: Staff, signer: string, why: string, here: string | null) {
    const owner = await storage.transact(async (tx, finish) => {
      const { userId } = await keyThere(tx, signer);
      if (userId !== staff.id && !staff.roles.includes("admin")) throw new Refusal("key.not-found");
      await tx.delete(session).where(and(eq(session.userId, userId), here ? ne(session.id, here) : undefined));
      return finish(await remove(tx, ledger, signer, { by: actorOf(staff), why }, now()), userId);
    });
    ledger.kick();
    options.dismiss({ is: "staff", id: owner });
    return {};
  }

  /** Whoever sees no patients any more is out of their visits as one who leaves. */
  async function changeRoles(admin: Staff, personId: string, roles: readonly Role[]) {
    const told = await storage.transact(async (tx, finish) => {
      const at = now();
      const before = await personThere(tx, personId);
      if (!roles.includes("admin")) await assertAnotherAdmin(tx, personId);
      await tx.update(user).set({ roles: roles.join(), updatedAt: at }).where(eq(user.id, personId));
      const line: NewEntry = {
        actor: actorOf(admin),
        action: "staff.roles-changed",
        object: personId,
        detail: { before: before.roles, after: roles.join() },
      };
      const withdrawn = roles.includes("admin") ? [] : await withdrawInvitationsOf(tx, personId, admin);
      if (roles.includes("clinician")) return finish([line, ...withdrawn], null);
      const { lines, told } = await endPractice(tx, personId, admin, "role", at);
      return finish([line, ...withdrawn, ...lines], told);
    });
    if (!told) return {};
    ledger.kick();
    options.dismiss({ is: "staff", id: personId });
    told();
    return {};
  }

  async function removePerson(admin: Staff, personId: string) {
    const told = await storage.transact(async (tx, finish) => {
      const at = now();
      await personThere(tx, personId);
      await assertAnotherAdmin(tx, personId);
      const { lines, told } = await endPractice(tx, personId, admin, "left", at);
      const withdrawn = await withdrawInvitationsOf(tx, personId, admin);
      await tx.delete(session).where(eq(session.userId, personId));
      await tx.delete(account).where(eq(account.userId, personId));
      // The name stays on what they did; the address was only for signing in.
      const email = `${personId}@removed.invalid`;
      await tx.update(user).set({ removedAt: at, updatedAt: at, email }).where(eq(user.id, personId));
      const line: NewEntry = { actor: actorOf(admin), action: "staff.removed", object: personId };
      return finish([line, ...withdrawn, ...lines], told);
    });
    ledger.kick();
    options.dismiss({ is: "staff", id: personId });
    told();
    return {};
  }

  /** Whoever sees patients no more: their keys are removed and their open visits end. */
  async function endPractice(tx: Writer, personId: string, admin: Staff, why: string, at: Date) {
    const keys = await tx
      .select({ signer: clinicianKey.signer })
      .from(clinicianKey)
      .where(and(eq(clinicianKey.userId, personId), isNull(clinicianKey.removedAt)));
    const lines: NewEntry[] = [];
    for (const { signer } of keys) lines.push(await remove(tx, ledger, signer, { by: actorOf(admin), why }, at));
    const visits = await options.endVisits(tx, personId, at);
    return { lines: [...lines, ...visits.lines], told: visits.told };
  }

  return { list, ownKeys, bring, enrol, removeKey, changeRoles, removePerson };
}

/** Whoever is an admin no longer lets nobody in any more, themselves under another name among them. */
async function withdrawInvitationsOf(tx: Writer, personId: string, admin: Staff): Promise<NewEntry[]> {
  const gone = await tx.delete(invitation).where(eq(invitation.invitedBy, personId)).returning({ id: invitation.id });
  return gone.map(({ id }) => ({ actor: actorOf(admin), action: "invitation.withdrawn", object: id }));
}

async function keyThere(tx: Writer, signer: string) {
  const [key] = await tx.select().from(clinicianKey).where(eq(clinicianKey.signer, signer));
  if (!key) throw new Refusal("key.not-found");
  return key;
}

/** Asked in the transaction and kept until its end: who was let in with a key may have had it removed since. */
async function isOwn(tx: Writer, userId: string, signer: string): Promise<boolean> {
  const own = and(eq(clinicianKey.signer, signer), eq(clinicianKey.userId, userId), isEnrolled);
  return (await tx.select({ signer: clinicianKey.signer }).from(clinicianKey).where(own).for("update")).length > 0;
}

async function personThere(tx: Writer, personId: string) {
  const [found] = await tx
    .select()
    .from(user)
    .where(and(eq(user.id, personId), isNull(user.removedAt)))
    .for("update");
  if (!found) throw new Refusal("staff.not-found");
  return found;
}

/** A practice without an admin could never have one again. */
async function assertAnotherAdmin(tx: Writer, personId: string): Promise<void> {
  const isAdmin = sql`'admin' = any(string_to_array(${user.roles}, ','))`;
  const admins = await tx
    .select({ id: user.id })
    .from(user)
    .where(and(isAdmin, isNull(user.removedAt)))
    .for("update");
  if (admins.every(({ id }) => id === personId)) throw new Refusal("staff.last-admin");
}
