import { eq } from "drizzle-orm";
import type * as z from "zod/mini";
import { actorOf } from "../../lib/audit/actor.ts";
import type { Patient } from "../../lib/auth/person.ts";
import type { authorize } from "../../lib/consent/api.ts";
import { type Choices, type Consent, choicesOf, scopesOf } from "../../lib/consent/grant.ts";
import { termsHash, termsText } from "../../lib/consent/terms.ts";
import { consentId, digestOf } from "../../lib/consent/typed-data.ts";
import { signedBy } from "../../lib/keyring/signature.ts";
import { Refusal } from "../../lib/refusal.ts";
import { visitTopic } from "../../lib/visits/link.ts";
import type { VisitState } from "../../lib/visits/visit.ts";
import type { Ledger } from "../ledger/ledger.ts";
import * as tables from "../storage/schema.ts";
import type { Reader, Storage, Writer } from "../storage/storage.ts";
import type { Whole } from "../storage/whole.ts";
import { takeBack } from "./revocation.ts";

/** A permission may begin this long ago or this soon, and last this long: seconds. */
const WINDOW = { past: 3600, future: 120, longest: 36 * 3600 };

export type Consents = ReturnType<typeof openConsents>;

interface ConsentNews {
  changed(visitId: string, clinicianId: string, state: VisitState): void;
  revoked(visitId: string): void;
}

/** What consents need of visits, handed in. */
interface VisitsForConsents {
  mine(read: Reader, patient: Patient, visitId: string): Promise<Whole>;
  lock(tx: Writer, visitId: string): Promise<void>;
  close(tx: Writer, visitId: string, why: "revoked", at: Date): Promise<void>;
  view(w: Whole, now: Date): import("../../lib/consent/grant.ts").ConsentView | null;
}

export function openConsents(options: {
  storage: Storage;
  ledger: Ledger;
  visits: VisitsForConsents;
  clinicName: (read: Reader) => Promise<string | null>;
  news: ConsentNews;
  now: () => Date;
}) {
  const { storage, ledger, visits, news, now } = options;

  /** The patient's yes: checked, tried on the contract, then kept with its line and its act in one transaction. */
  async function grant(patient: Patient, asked: z.infer<typeof authorize.ask>) {
    const { visitId, consent, signature } = asked;
    const before = await visits.mine(storage.read, patient, visitId);
    assertGrantable(before);
    await assertAsShown(before, consent);
    if (!signedBy(patient.signer, digestOf("Consent", consent, ledger.about), signature))
      throw new Refusal("signature.wrong");
    const no = await ledger.simulate({ is: "grant", consent, signature });
    if (no) throw new Refusal("ledger.refused", { reason: no });
    const id = consentId(consent);
    const granted = await storage.transact(async (tx, finish) => {
      await visits.lock(tx, visitId);
      assertGrantable(await visits.mine(tx, patient, visitId));
      await tx.insert(tables.consent).values({ id, visitId, consent, signature, grantedAt: now() });
      await tx.update(tables.visit).set({ state: "waiting", waitingSince: now() }).where(eq(tables.visit.id, visitId));
      const { id: actId } = await ledger.queue(tx, { call: { is: "grant", consent, signature }, visitId, object: id });
      const w = await visits.mine(tx, patient, visitId);
      const entry = {
        actor: actorOf(patient),
        action: "consent.granted",
        visitId,
        object: id,
        consent: id,
        actId,
        detail: { ...choicesOf(consent.scopes) },
      } as const;
      return finish(entry, { view: visits.view(w, now())!, clinicianId: w.clinician.id });
    });
    ledger.kick();
    news.changed(visitId, granted.clinicianId, "waiting");
    return granted.view;
  }

  /** Access closes here, before the chain hears of it; the call ends for both. */
  async function revoke(patient: Patient, visitId: string, signature: string) {
    const closed = await storage.transact(async (tx, finish) => {
      await visits.lock(tx, visitId);
      const found = await visits.mine(tx, patient, visitId);
      const asked = { patient, visitId, consent: found.consent, signature, at: now() };
      const { receipt, about } = await takeBack(tx, ledger, asked);
      if (found.visit.state !== "over") await visits.close(tx, visitId, "revoked", asked.at);
      const entry = { actor: actorOf(patient), action: "consent.revoked", ...about } as const;
      return finish(entry, { clinicianId: found.clinician.id, receipt });
    });
    ledger.kick();
    news.revoked(visitId);
    news.changed(visitId, closed.clinicianId, "over");
    return { receipt: closed.receipt };
  }

  function assertGrantable(w: Whole): void {
    if (w.consent) throw new Refusal("consent.exists");
    if (w.visit.state !== "planned") throw new Refusal(w.visit.state === "over" ? "visit.over" : "visit.wrong-state");
    if (w.key.removedAt) throw new Refusal("consent.device-removed");
  }

  /** What was signed is what this visit's card shows, word for word. */
  async function assertAsShown(w: Whole, consent: z.infer<typeof authorize.ask>["consent"]): Promise<void> {
    const seconds = Math.floor(now().getTime() / 1000);
    const choices: Choices = choicesOf(consent.scopes);
    const text = termsText({
      clinic: (await options.clinicName(storage.read)) ?? "",
      clinician: w.clinician.name,
      choices,
      validUntil: consent.validUntil,
      version: 1,
    });
    assertBegins(consent, now());
    const asShown =
      consent.patient === w.claim?.signer &&
      consent.grantee === w.key.signer &&
      consent.visit === (await visitTopic(w.visit.id)) &&
      consent.scopes === scopesOf(choices) &&
      consent.validUntil > seconds &&
      consent.validUntil <= seconds + WINDOW.longest &&
      consent.terms === (await termsHash(text));
    if (!asShown) throw new Refusal("consent.mismatch");
  }

  return { grant, revoke };
}

/** A permission begins about when it is signed, by our clock. */
export function assertBegins({ validFrom }: Consent, now: Date): void {
  const seconds = Math.floor(now.getTime() / 1000);
  if (validFrom < seconds - WINDOW.past || validFrom > seconds + WINDOW.future) throw new Refusal("consent.mismatch");
}
