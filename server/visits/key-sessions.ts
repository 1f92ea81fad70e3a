import { randomBytes } from "node:crypto";
import { and, eq, gt, lt } from "drizzle-orm";
import type * as z from "zod/mini";
import { actorOf } from "../../lib/audit/actor.ts";
import type { Patient } from "../../lib/auth/person.ts";
import { openingFault } from "../../lib/keyring/opening.ts";
import { Refusal } from "../../lib/refusal.ts";
import { openingOf, type openVisit } from "../../lib/visits/api.ts";
import * as tables from "../storage/schema.ts";
import type { Storage } from "../storage/storage.ts";
import { hashOf } from "./claims.ts";

const HOUR_MS = 3_600_000;

export type KeySessions = ReturnType<typeof openKeySessions>;

/** Patients who come back to a visit with its key, from whatever device, for as long as their records are kept. */
export function openKeySessions({ storage, now }: { storage: Storage; now: () => Date }) {
  return {
    /** A visit that isn't there and a key that isn't its patient's are answered alike. */
    async open({ visitId, ...opening }: z.infer<typeof openVisit.ask>): Promise<{ session: string }> {
      const fault = openingFault(openingOf(visitId), opening, now());
      if (fault) throw new Refusal(fault);
      const patient = { is: "patient", visitId, signer: opening.signer } as const;
      const session = randomBytes(32).toString("base64url");
      return storage.transact(async (tx, finish) => {
        const here = and(eq(tables.claim.visitId, visitId), eq(tables.claim.signer, opening.signer));
        if ((await tx.$count(tables.claim, here)) === 0) throw new Refusal("visit.not-found");
        await tx.delete(tables.keySession).where(lt(tables.keySession.until, now()));
        const until = new Date(now().getTime() + HOUR_MS);
        await tx.insert(tables.keySession).values({ hash: hashOf(session), visitId, until });
        return finish({ actor: actorOf(patient), action: "visit.opened", visitId }, { session });
      });
    },
    async patientOf(visitId: string, session: string): Promise<Patient | null> {
      const { hash, until } = tables.keySession;
      const [found] = await storage.read
        .select({ signer: tables.claim.signer })
        .from(tables.keySession)
        .innerJoin(tables.claim, eq(tables.claim.visitId, tables.keySession.visitId))
        .where(and(eq(hash, hashOf(session)), eq(tables.keySession.visitId, visitId), gt(until, now())));
      return found ? { is: "patient", visitId, signer: found.signer } : null;
    },
  };
}
