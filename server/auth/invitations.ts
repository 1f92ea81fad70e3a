import { and, eq, lt } from "drizzle-orm";
import type * as z from "zod/mini";
import { actorOf } from "../../lib/audit/actor.ts";
import { type acceptInvitation, INVITATION_HOURS, type invite } from "../../lib/auth/people-api.ts";
import type { Staff } from "../../lib/auth/person.ts";
import { Refusal } from "../../lib/refusal.ts";
import { claimHashOf } from "../../lib/visits/link.ts";
import * as tables from "../storage/schema.ts";
import type { Reader, Storage } from "../storage/storage.ts";
import { makeAccount, rolesIn } from "./auth.ts";
import { clinicName } from "./clinic.ts";
import { keepKey } from "./keys.ts";

const { invitation } = tables;

/** The way in for whoever has no account yet. The link's secret is never here: its token's hash is. */
export function openInvitations(options: {
  storage: Storage;
  hashOf: (password: string) => Promise<string>;
  now: () => Date;
}) {
  const { storage, now } = options;

  async function make(staff: Staff, asked: z.infer<typeof invite.ask>) {
    const email = asked.email.toLowerCase();
    const roles = asked.roles.join();
    return storage.transact(async (tx, finish) => {
      const at = now();
      if (await tx.$count(tables.user, eq(tables.user.email, email))) throw new Refusal("staff.exists");
      // What ran out is in nobody's way.
      await tx.delete(invitation).where(and(eq(invitation.email, email), lt(invitation.expiresAt, at)));
      const expiresAt = new Date(at.getTime() + INVITATION_HOURS * 3_600_000);
      const [made] = await tx
        .insert(invitation)
        .values({
          id: asked.id,
          claimHash: asked.claimHash,
          name: asked.name,
          email,
          roles,
          invitedBy: staff.id,
          invitedAt: at,
          expiresAt,
        })
        .onConflictDoNothing()
        .returning({ id: invitation.id });
      if (!made) throw new Refusal("staff.exists");
      return finish({ actor: actorOf(staff), action: "staff.invited", object: asked.id, detail: { roles } }, {});
    });
  }

  async function withdraw(staff: Staff, id: string) {
    return storage.transact(async (tx, finish) => {
      const gone = await tx.delete(invitation).where(eq(invitation.id, id)).returning({ id: invitation.id });
      if (gone.length === 0) throw new Refusal("invitation.not-found");
      return finish({ actor: actorOf(staff), action: "invitation.withdrawn", object: id }, {});
    });
  }

  /** Whoever has not the whole link hears what one hears of an invitation that isn't there. */
  async function holding(read: Reader, { invitationId, token }: { invitationId: string; token: string }) {
    const [found] = await read.select().from(invitation).where(eq(invitation.id, invitationId));
    if (!found || found.claimHash !== (await claimHashOf(token))) throw new Refusal("invitation.not-found");
    if (found.expiresAt <= now()) throw new Refusal("invitation.expired");
    return found;
  }

  async function open(asked: { invitationId: string; token: string }) {
    return storage.transact(async (tx, finish) => {
      const { id, name, email, roles } = await holding(tx, asked);
      const clinic = (await clinicName(tx)) ?? "";
      const line = { actor: { is: "nobody", id: "stranger" }, action: "invitation.opened", object: id } as const;
      return finish(line, { clinic, name, email, roles: rolesIn(roles) });
    });
  }

  /** Resolves to the new account's address. */
  async function accept(asked: z.infer<typeof acceptInvitation.ask>): Promise<string> {
    // A password costs a tenth of a second to hash: strangers don't have us do it.
    await holding(storage.read, asked);
    const password = await options.hashOf(asked.password);
    return storage.transact(async (tx, finish) => {
      const { id, name, email, roles: kept } = await holding(tx, asked);
      const roles = rolesIn(kept);
      const at = now();
      await tx.delete(invitation).where(eq(invitation.id, id));
      const actor = { is: "staff", id: await makeAccount(tx, { name, email, password, roles }, at) } as const;
      const joined = { actor, action: "staff.joined", object: id } as const;
      if (!asked.key || !roles.includes("clinician")) return finish(joined, email);
      await keepKey(tx, actor.id, asked.key, at);
      return finish([joined, { actor, action: "key.brought", object: asked.key.card.signer }], email);
    });
  }

  return { make, withdraw, open, accept };
}
