import { randomBytes } from "node:crypto";
import { eq } from "drizzle-orm";
import type * as z from "zod/mini";
import { actorOf } from "../../lib/audit/actor.ts";
import type { Patient, Principal } from "../../lib/auth/person.ts";
import { cardHolds } from "../../lib/keyring/signature.ts";
import { Refusal } from "../../lib/refusal.ts";
import type { claimLink, JoinView } from "../../lib/visits/api.ts";
import { pseudonymOf } from "../../lib/visits/pseudonym.ts";
import * as tables from "../storage/schema.ts";
import type { Reader, Storage } from "../storage/storage.ts";
import { type Whole, whole } from "../storage/whole.ts";
import { assertProven, hashOf, SESSION_AFTER_MS, sameText, tokenIs } from "./claims.ts";
import { lock } from "./lock.ts";
import type { VisitNews } from "./visits.ts";

/** The patient's way in: a link that is looked at, then taken by one key, and the session that this opens. */
export function openLinks(options: {
  storage: Storage;
  clinicOf: (read: Reader) => Promise<{ name: string } | null>;
  news: VisitNews;
  now: () => Date;
  mine(read: Reader, person: Principal, visitId: string): Promise<Whole>;
  joinViewOf(read: Reader, w: Whole): Promise<JoinView>;
}) {
  const { storage, news, now, mine, joinViewOf } = options;

  /** Looks at a link. It is used up by nobody who only looks. */
  async function openLink(visitId: string, token: string) {
    return storage
      .transact(async (tx, finish) => {
        const w = await withToken(tx, visitId, token, now());
        if (!w.visit.openedAt)
          await tx.update(tables.visit).set({ openedAt: now() }).where(eq(tables.visit.id, visitId));
        const { visit, clinician, claim } = w;
        const answer = {
          clinic: (await options.clinicOf(tx))?.name ?? "",
          clinician: clinician.name,
          plannedFor: visit.plannedFor?.toISOString() ?? null,
          claimed: claim !== null,
        };
        return finish(
          { actor: { is: "nobody", id: "link" }, action: "link.opened", visitId },
          { answer, first: !visit.openedAt, clinicianId: clinician.id, state: visit.state },
        );
      })
      .then(({ answer, first, clinicianId, state }) => {
        if (first) news.changed(visitId, clinicianId, state);
        return answer;
      });
  }

  /** One key takes the link, once; the same key may come back. `session` is the cookie's value. */
  async function claim(asked: z.infer<typeof claimLink.ask>) {
    const { visitId, signer, recipient } = asked;
    assertProven(asked, visitId, now());
    if (!cardHolds({ signer, recipient, binding: asked.binding })) throw new Refusal("signature.wrong");
    const session = randomBytes(32).toString("base64url");
    const claimed = await storage.transact(async (tx, finish) => {
      await lock(tx, visitId);
      const w = await withToken(tx, visitId, asked.token, now());
      if (w.claim && w.claim.signer !== signer) throw new Refusal("visit.claimed");
      const sessionHash = hashOf(session);
      const details = asked.details ?? w.claim?.details ?? null;
      await tx
        .insert(tables.claim)
        .values({ visitId, signer, recipient, binding: asked.binding, sessionHash, details, claimedAt: now() })
        .onConflictDoUpdate({ target: tables.claim.visitId, set: { sessionHash, details } });
      const after = (await whole(tx, visitId))!;
      const actor = { is: "patient", id: pseudonymOf(signer) } as const;
      return finish(
        { actor, action: "link.claimed", visitId },
        { view: await joinViewOf(tx, after), clinicianId: after.clinician.id },
      );
    });
    news.changed(visitId, claimed.clinicianId, claimed.view.state);
    return { view: claimed.view, session };
  }

  async function tellName(patient: Patient, visitId: string, details: string) {
    const w = await storage.transact(async (tx, finish) => {
      await lock(tx, visitId);
      const found = await mine(tx, patient, visitId);
      if (found.visit.state === "over") throw new Refusal("visit.over");
      await tx.update(tables.claim).set({ details }).where(eq(tables.claim.visitId, visitId));
      return finish({ actor: actorOf(patient), action: "name.told", visitId }, found);
    });
    news.changed(visitId, w.clinician.id, w.visit.state);
    return {};
  }

  /** The patient a visit's session cookie stands for. */
  async function patientOf(visitId: string, session: string): Promise<Patient | null> {
    const [found] = await storage.read
      .select({ claim: tables.claim, endedAt: tables.visit.endedAt })
      .from(tables.claim)
      .innerJoin(tables.visit, eq(tables.visit.id, tables.claim.visitId))
      .where(eq(tables.claim.visitId, visitId));
    if (!found || !sameText(found.claim.sessionHash, hashOf(session))) return null;
    if (found.endedAt && now().getTime() - found.endedAt.getTime() > SESSION_AFTER_MS) return null;
    return { is: "patient", visitId, signer: found.claim.signer };
  }

  return { openLink, claim, tellName, patientOf };
}

async function withToken(read: Reader, visitId: string, token: string, now: Date): Promise<Whole> {
  const found = await whole(read, visitId);
  const right = await tokenIs(found?.visit.claimHash, token);
  if (!found || !right) throw new Refusal("visit.not-found");
  if (found.visit.linkExpiresAt < now) throw new Refusal("visit.expired");
  return found;
}
